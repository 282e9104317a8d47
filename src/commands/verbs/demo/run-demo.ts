import type { CommandContext } from '../../ports/context.js';
import { checkDemo } from './check-demo.js';
import { claimDemoDirectory, type DemoDirectory } from '../../stack/demo-directory.js';
import { demoBucket, demoKeyPrefix } from '../../stack/demo-place.js';
import { upForDemo } from './up-for-demo.js';
import { renderDemo, renderNextSteps } from './render-demo.js';
import { uploadDemo } from './upload-demo.js';
import { wipeDemos } from './wipe-demos.js';
import { exitStatusOfPhase } from '../../status/exit-status-of-phase.js';
import { exitStatus, type ExitStatus } from '../../ending/exit-status.js';
import { readMigrationFile } from '../../migration/read-migration-file.js';
import { startAndFollow } from '../../start/start-and-follow.js';
import type { DemoStores } from '../../ports/store-ports.js';
import type { TemporalPort } from '../../ports/temporal-port.js';
import type { VerbCall } from '../../verb.js';

/** Runs `longhaul demo`. */
export async function runDemo(call: VerbCall): Promise<ExitStatus> {
  const { context, printer, options } = call;
  const stateDir = options.stateDir ?? context.stack.defaultStateDir;
  const beganAtMs = context.now();
  const stack = await upForDemo(context, { stateDir, portBase: options.portBase, printer });
  if (stack.stores === null) throw new Error(`The local stack in ${stateDir} has no stores, which a demo needs.`);
  const inStack: CommandContext = { ...context, environment: context.stack.environmentOf(stack) };
  const temporal = await inStack.connectTemporal(inStack.environment);
  const stores = await inStack.stores.openDemo(stack.stores, demoBucket);
  try {
    const directory = await placeForDemo(call, { stateDir, stores, temporal });
    printer.say(`Demo ${directory.name}: ${String(options.units)} units in ${directory.path}`);
    const data = await uploadDemo(inStack, { directory, units: options.units, stores, stack: stack.stores });
    const file = await readMigrationFile(data.migrationPath);
    const document = await startAndFollow(inStack, { file, temporal, printer });
    const { name, webUi } = document;
    if (document.phase !== 'completed') {
      printer.document({ name, status: document, verification: null });
      return exitStatusOfPhase(document);
    }
    const { expectedPath, migrationPath } = data;
    const verification = await checkDemo(inStack, { name, units: options.units, expectedPath, stores });
    const outcome = { document, data, verification, wallMs: context.now() - beganAtMs };
    const workersPid = stack.parts.find((part) => part.name === 'workers')?.pid ?? null;
    printer.say(renderDemo(outcome, context.out.style));
    printer.say('');
    printer.say(renderNextSteps(context, { name, migrationPath, webUi, workersPid, stateDir: options.stateDir }));
    printer.document({ name, status: document, data, verification, wallSeconds: outcome.wallMs / 1_000 });
    return verification.differences === 0 ? exitStatus.done : exitStatus.difference;
  } finally {
    stores.close();
    await temporal.close();
  }
}

/** Claims a name that no earlier demo has used. */
async function placeForDemo(
  { context: { signal }, options }: VerbCall,
  { stateDir, stores, temporal }: { stateDir: string; stores: DemoStores; temporal: TemporalPort },
): Promise<DemoDirectory> {
  await stores.ensureBucket(signal);
  if (options.fresh) await wipeDemos({ stateDir, stores, temporal, signal });
  return claimDemoDirectory(stateDir, options.units, async (name) => {
    for (const prefix of [demoKeyPrefix(name), `.longhaul/${name}/`]) {
      for await (const _key of stores.listKeys(prefix, signal)) return true;
    }
    return (await temporal.describeRoot(name))?.state === 'running';
  });
}
