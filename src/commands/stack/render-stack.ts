import { alignRows } from '../screen/align-rows.js';
import type { StackDescription } from '../../local/state/stack-description.js';
import type { PartChange } from '../../local/bring-up-part.js';
import type { PartName } from '../../local/state/stack-state.js';
import type { Style } from '../ports/text-output.js';

/** Renders the parts of a stack, one per line, with its Web UI and its state directory. Shows no secret. */
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
  return [...alignRows([webUiRow, ...rows]).map((line) => `  ${line}`), `  State in ${stack.stateDir}`].join('\n');
}

/** Returns the document of a stack. It contains no secret. */
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

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
