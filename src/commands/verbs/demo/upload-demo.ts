import type { CommandContext } from '../../ports/context.js';
import { formatBytes, formatCount } from '../../../domain/text/format.js';
import { demoContainers } from '../../../local/demo-data/demo-containers.js';
import { type DemoDataSummary, generateDemoData } from '../../../local/demo-data/generate-demo-data.js';
import type { StackDescription } from '../../../local/state/stack-description.js';
import { openProgressView } from '../../screen/open-progress-view.js';
import { sentenceFrame } from '../../screen/progress-view.js';
import type { DemoStores } from '../../ports/store-ports.js';
import { demoEnds } from '../../stack/demo-ends.js';
import { demoAccountNames, demoSeed, demoSet } from '../../stack/demo-place.js';
import type { DemoDirectory } from '../../stack/demo-directory.js';

/** Which data to generate, and where to put it. */
export interface UploadRequest {
  readonly directory: DemoDirectory;
  readonly units: number;
  readonly stores: DemoStores;
  readonly stack: NonNullable<StackDescription['stores']>;
}

// Azurite is a single process: more requests would only queue there.
const uploadsInFlight = 16;

/**
 * Generates the data of a demo and uploads it, with progress. Writes `migration.yaml`, `units.csv` and
 * `expected.ndjson`.
 */
export async function uploadDemo(
  context: Pick<CommandContext, 'err' | 'now' | 'isQuiet' | 'signal'>,
  { directory, units, stores, stack }: UploadRequest,
): Promise<DemoDataSummary> {
  const { signal } = context;
  await stores.ensureBucket(signal);
  const content = { units, set: demoSet(directory.name) };
  for (const { account, container } of demoContainers(content)) {
    await stores.ensureContainer({ account: demoAccountNames[account], container }, signal);
  }
  const view = openProgressView(context, 1_000);
  try {
    return await generateDemoData({
      ...content,
      ...{ seed: demoSeed, name: directory.name, directory: directory.path, uploadsInFlight, signal },
      ...demoEnds(stack, directory.name),
      putBlob: ({ account, ...blob }) => stores.putBlob({ account: demoAccountNames[account], ...blob }, signal),
      progress: (done, total) => {
        const text =
          `generating data: ${formatCount(done.units)} of ${formatCount(total.units)} units, ` +
          `${formatCount(done.blobs)} blobs, ${formatBytes(done.bytes)} stored`;
        view.show(sentenceFrame(text, done.units, total.units));
      },
    });
  } finally {
    view.close();
  }
}
