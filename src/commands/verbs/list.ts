import { nameOfRoot } from '../../domain/ids.js';
import { exitStatus } from '../ending/exit-status.js';
import { noWorkersWarning } from '../migration/no-workers.js';
import type { CommandContext } from '../ports/context.js';
import { formatCount } from '../../domain/text/format.js';
import { terminalColumns } from '../screen/terminal-columns.js';
import { type ListedMigration, type ListView, renderList } from '../status/render-list.js';
import { documentOfRoot, type StatusDocument } from '../status/status-document.js';
import { webUiListLink } from '../status/web-ui-links.js';
import type { Verb } from '../verb.js';

/** `longhaul list` */
export const list: Verb = {
  name: 'list',
  summary: 'lists the migrations that Temporal knows, newest first',
  description:
    'Lists the newest run of every migration that Temporal knows, with phase, progress and what it needs. Temporal ' +
    'forgets a migration some time after its end; `longhaul status FILE` still works then.',
  operands: [],
  options: [],
  variables: ['TEMPORAL_ADDRESS', 'LONGHAUL_PAYLOAD_CODEC', 'LONGHAUL_WEB_UI'],
  examples: [
    { line: 'list', does: 'name, phase and progress of each migration' },
    { line: 'list --json', does: 'for scripts' },
  ],
  run: async ({ context, printer }) => {
    const temporal = await context.connectTemporal(context.environment);
    try {
      const { address, namespace } = temporal;
      const { webUi } = context.environment;
      const migrations: ListedMigration[] = [];
      for await (const root of temporal.listRoots()) {
        if (migrations.length === migrationsMax) {
          printer.warn(`Only the newest ${formatCount(migrationsMax)} migrations are shown.`);
          break;
        }
        const name = nameOfRoot(root.workflowId);
        const subject = { name, namespace, webUi };
        migrations.push(listed(documentOfRoot(subject, { ...root, progress: null, result: null, failure: null })));
      }
      const link = webUiListLink({ webUi, namespace });
      printer.say(
        migrations.length === 0
          ? `Temporal at ${address}, namespace ${namespace}, does not know any migration.`
          : renderList(migrations, listView(context)),
      );
      if (link !== null && migrations.length > 0) printer.say(`Web UI  ${link}`);
      if (migrations.some(({ endedAt }) => endedAt === null) && !(await temporal.isPolled())) {
        printer.warn(noWorkersWarning(temporal.taskQueue));
      }
      printer.document({ migrations });
      return exitStatus.done;
    } finally {
      await temporal.close();
    }
  },
};

// Nobody reads a longer list, and at about 500 bytes each it stays small.
const migrationsMax = 1_000;

function listView({ out, now }: Pick<CommandContext, 'out' | 'now'>): ListView {
  return { style: out.style, nowMs: now(), columns: terminalColumns(out) };
}

function listed(document: StatusDocument): ListedMigration {
  const { name, workflowId, runId, round, phase, units, startedAt, endedAt, webUi, overall } = document;
  const { failures, blocked, waiting } = document;
  return {
    ...{ name, workflowId, runId, round, phase, units, startedAt, endedAt, webUi, overall },
    ...{ failures, blocked, waiting },
  };
}
