import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inFlight } from '../../../../src/local/demo-data/in-flight.js';

it('does all the work, never more at once than its bound', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 0, max: 20 }),
      async (scheduler, openMax, count) => {
        const work = inFlight(openMax);
        let open = 0;
        let done = 0;
        const all = (async () => {
          for (let index = 0; index < count; index += 1) {
            await work.start(async () => {
              open += 1;
              expect(open).toBeLessThanOrEqual(openMax);
              await scheduler.schedule(Promise.resolve());
              open -= 1;
              done += 1;
            });
          }
          await work.drain();
        })();
        await scheduler.waitFor(all);
        expect(done).toBe(count);
      },
    ),
  );
});

it('rejects with a failure, at a later start or at the end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 20 }),
      fc.nat(),
      async (openMax, count, at) => {
        const work = inFlight(openMax);
        const failing = at % count;
        const all = async (): Promise<void> => {
          for (let index = 0; index < count; index += 1) {
            await work.start(async () => {
              if (index === failing) throw new Error(`work ${String(failing)} failed`);
            });
          }
          await work.drain();
        };
        await expect(all()).rejects.toThrow(`work ${String(failing)} failed`);
        await work.settle();
      },
    ),
  );
});
