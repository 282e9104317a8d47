import type { StackDescription } from '../local/stack-description.js';
import type { PartChange } from '../local/bring-up-part.js';
import type { PartName } from '../local/stack-state.js';
import type { Style } from './style.js';

/** Renders the parts of a stack, one a line, with the Web UI and the place of its state. Shows no secret. */
export function renderStack(
  stack: StackDescription,
  style: Style,
  changes: Readonly<Partial<Record<PartName, PartChange>>> = {},
): string {
  const rows = stack.parts.map(({ name, title, address, alive, pid }) => [
    capitalised(title),
    address ?? '',
    alive ? style.good('running') : style.bad('not running'),
    [alive && pid !== null ? `process ${String(pid)}` : '', changes[name] ?? '']
      .filter((text) => text !== '')
      .join(', '),
  ]);
  const webUiRow = ['Web UI', stack.temporal.webUi, '', ''];
  return [...aligned([webUiRow, ...rows]), `  State in ${stack.stateDir}`].join('\n');
}

/** The parts of a stack for scripts; holds no secret. */
export function stackDocument(stack: StackDescription) {
  const { stateDir, portBase, temporal, taskQueue, parts, stores } = stack;
  return {
    ...{ stateDir, portBase, temporal, taskQueue, parts },
    stores: stores && {
      azure: stores.azure.map(({ name, endpoint }) => ({ name, endpoint })),
      s3: { endpoint: stores.s3.endpoint, region: stores.s3.region },
    },
  };
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
