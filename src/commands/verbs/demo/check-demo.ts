import type { CommandContext } from '../../ports/context.js';
import { formatBytes, formatCount } from '../../../domain/text/format.js';
import { readExpected } from '../../../local/demo-data/expected-unit.js';
import { openProgressView } from '../../screen/open-progress-view.js';
import { sentenceFrame } from '../../screen/progress-view.js';
import type { DemoStores } from '../../ports/store-ports.js';
import { demoKeyPrefix } from '../../stack/demo-place.js';
import { type Verification, verifyObjects } from './verify-objects.js';

/** Verifies all objects of a demo, with progress. */
export async function checkDemo(
  context: Pick<CommandContext, 'err' | 'now' | 'isQuiet' | 'signal'>,
  demo: {
    readonly name: string;
    readonly units: number;
    readonly expectedPath: string;
    readonly stores: DemoStores;
  },
): Promise<Verification> {
  const view = openProgressView(context, 1_000);
  try {
    return await verifyObjects({
      expected: readExpected(demo.expectedPath),
      keyPrefix: demoKeyPrefix(demo.name),
      stores: demo.stores,
      signal: context.signal,
      progress: ({ objects, bytes }) => {
        const count = `${formatCount(objects)} of ${formatCount(demo.units)}`;
        const text = `verifying: ${count} objects read back, ${formatBytes(bytes)}`;
        view.show(sentenceFrame(text, objects, demo.units));
      },
    });
  } finally {
    view.close();
  }
}
