import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeOnPage } from '../support/browser/see-on-page.js';
import { takePicture } from '../support/browser/take-picture.js';
import { useBrowser } from '../support/browser/use-browser.js';
import { generateMigration } from '../support/migrations/generated-migration.js';
import { runLonghaul } from '../support/programs/longhaul-program.js';
import { startStack, type StartedStack } from '../support/servers/start-stack.js';

describe('the page that a printed link opens', () => {
  const browser = useBrowser();
  let own: StartedStack;
  beforeAll(async () => {
    own = await startStack();
  }, 300_000);
  afterAll(() => own.end());

  it('shows a finished migration with its figures', async () => {
    const { migrationPath } = await generateMigration(own.stack, 'finished', { units: 12, bigUnitRawBytes: 0 });
    const run = await runLonghaul(['start', migrationPath, '--watch'], own.stack.environment);
    expect(run.exitCode, run.stderr).toBe(0);

    const { page } = await browser.openPage(printedLink(run.stdout));
    await seeOnPage(page, ['migration/finished', 'Current Details', 'completed 12 of 12 units (100.0 %), failed 0']);
    await takePicture(page, 'web-ui-finished');
  });
});

/** Returns the link to the Web UI in what a verb has printed. */
function printedLink(printed: string): string {
  const [, link] = /Web UI {2}(http\S+)/.exec(printed) ?? [];
  if (link === undefined) throw new Error(`there is no link in:\n${printed}`);
  return link;
}
