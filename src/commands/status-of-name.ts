import { CommandError } from './ending/command-error.js';
import type { CommandContext } from './ports/context.js';
import { exitStatus } from './ending/exit-status.js';
import { documentOfRoot, type StatusDocument } from './status/status-document.js';

/** Asks Temporal where a migration stands. Rejects with status 5 when Temporal does not know it. */
export async function statusOfName(context: CommandContext, name: string): Promise<StatusDocument> {
  const { environment } = context;
  const temporal = await context.connectTemporal(environment);
  try {
    const root = await temporal.describeRoot(name);
    if (root !== undefined) {
      return documentOfRoot({ name, namespace: temporal.namespace, webUi: environment.webUi }, root);
    }
    throw new CommandError(
      exitStatus.noSuchMigration,
      `Temporal at ${temporal.address}, namespace ${temporal.namespace}, knows no migration ${name}`,
      {
        next: `if it ended long ago, give its file instead: \`${context.invocation} status FILE\` reads the control prefix`,
      },
    );
  } finally {
    await temporal.close();
  }
}
