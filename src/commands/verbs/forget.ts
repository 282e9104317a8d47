import { migrationOf, planName, plannedMigration, verificationName } from '../../domain/ids.js';
import { controlText } from '../migration/control-memo-of.js';
import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';
import { findRound, type FoundRound } from '../migration/find-round.js';
import { migrationOperand, namedMigration } from '../migration/named-migration.js';
import type { RootDescription } from '../ports/temporal-port.js';
import type { CommandContext } from '../ports/context.js';
import { formatCount } from '../../domain/text/format.js';
import { openProgressView, quietMs } from '../screen/open-progress-view.js';
import { sentenceFrame } from '../screen/progress-view.js';
import type { Verb } from '../verb.js';

/** `longhaul forget NAME|FILE` */
export const forget: Verb = {
  name: 'forget',
  summary: 'deletes what is kept of a migration; finished objects stay',
  description:
    'Aborts the uploads that a migration has left open and deletes its control prefix: staged units, ledgers, ' +
    'manifests. Target objects stay, but their proof is gone: nothing can be resumed, retried, traced or verified ' +
    'afterwards. Asks first. Refused while the migration is running.',
  operands: [migrationOperand],
  options: ['yes'],
  variables: ['TEMPORAL_ADDRESS', 'LONGHAUL_PAYLOAD_CODEC', 'AWS_PROFILE'],
  examples: [
    { line: 'forget orders', does: 'say what would be deleted, ask, and delete it' },
    { line: 'forget ./migration.yaml --yes', does: 'the same without asking, for scripts' },
  ],
  run: async ({ context, printer, operands, options }) => {
    const named = await namedMigration(operands[0] ?? '');
    const temporal = await context.connectTemporal(context.environment);
    const view = openProgressView(context, quietMs);
    try {
      const found = await findRound(context, temporal, named);
      refuseRunning(found.name, found.root);
      // Their control objects are below those of the migration.
      const below = [planName(found.name), verificationName(found.name)];
      if (migrationOf(found.name) === found.name)
        for (const each of below) refuseRunning(each, await temporal.describeRoot(each));
      if (!options.yes) await askFirst(context, found);
      const { uploads, objects } = await forgetMigration(context, found, (deleted) =>
        view.show(sentenceFrame(`deleted ${formatCount(deleted)} control objects`)),
      );
      view.close();
      const { name } = found;
      printer.say(
        `Forgot the migration ${name}: ${formatCount(uploads)} open uploads aborted, ` +
          `${formatCount(objects)} control objects deleted. Its target objects stay.`,
      );
      printer.document({ name, control: place(found), uploadsAborted: uploads, objectsDeleted: objects });
      return exitStatus.done;
    } finally {
      view.close();
      await temporal.close();
    }
  },
};

function refuseRunning(name: string, root: Pick<RootDescription, 'state'> | undefined): void {
  if (root?.state !== 'running') return;
  const migration = migrationOf(name);
  const kind = plannedMigration(name) === undefined ? 'verification' : 'plan';
  const what = migration === name ? `The migration ${name}` : `The ${kind} of the migration ${migration}`;
  throw new CommandError(exitStatus.usage, `${what} is running`, {
    next: `stop it first: \`longhaul cancel ${name}\``,
  });
}

async function askFirst(context: CommandContext, found: FoundRound): Promise<void> {
  const { name, root, staged } = found;
  const { record, summary } = staged;
  // A root on another Temporal server cannot be seen from here.
  const isElsewhere = summary === undefined && root === undefined && staged.owner !== undefined;
  const { cluster, namespace } = staged.owner ?? {};
  const lines = [
    `This deletes everything below ${place(found)}: the ledger of ${formatCount(record.layout.units)} units, ` +
      'and with it the proof of what was moved.',
    `Objects in s3://${record.definition.target.bucket} stay.`,
    ...(isElsewhere
      ? [
          `Its round ${String(record.round)} is open, begun on the Temporal cluster ${cluster ?? ''}, namespace ` +
            `${namespace ?? ''}: make sure that it does not run there.`,
        ]
      : []),
    `Forget the migration ${name}? [y/N] `,
  ];
  const answer = await context.ask(lines.join('\n'));
  if (answer === undefined) {
    throw new CommandError(exitStatus.usage, `Forgetting the migration ${name} needs a confirmation`, {
      next: 'run it in a terminal, or add `--yes`',
    });
  }
  if (!/^y(es)?$/i.test(answer.trim())) {
    throw new CommandError(exitStatus.usage, `The migration ${name} was not forgotten: nothing has been deleted`);
  }
}

async function forgetMigration(
  context: CommandContext,
  found: FoundRound,
  progress: (objects: number) => void,
): Promise<{ readonly uploads: number; readonly objects: number }> {
  const { signal, environment } = context;
  const { record } = found.staged;
  const { abortLeftUploads } = await import('../../control/clean-up/abort-left-uploads.js');
  const { controlKeys } = await import('../../control/control-keys.js');
  const { deleteControlObjects } = await import('../../control/clean-up/delete-control-objects.js');
  const uploads = await context.stores.openUploads(record.definition, environment);
  try {
    let aborted = 0;
    for (let round = 0; round <= record.round; round += 1) {
      const prefix = controlKeys.uploads(found.base, round);
      // A checkpoint is deleted with the rest.
      aborted += await abortLeftUploads(
        found,
        { prefix, abortUpload: (...upload) => uploads.abortUpload(...upload) },
        signal,
        async () => {},
      );
    }
    return {
      uploads: aborted,
      objects: await deleteControlObjects(found, { rounds: record.round + 1, progress }, signal),
    };
  } finally {
    uploads.close();
  }
}

function place({ name, staged }: FoundRound): string {
  const { control, endpoint } = staged.record.definition.target;
  return controlText({ bucket: control.bucket, prefix: `${control.prefix}/${name}`, endpoint: endpoint ?? null });
}
