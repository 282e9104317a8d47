import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Failure, toFailure } from '../../../../src/domain/failure.js';
import { ByteBudget } from '../../../../src/flow/byte-budget.js';
import { publishObject } from '../../../../src/pipeline/publish/publish-object.js';
import { objectIdentity, ownership } from '../../../../src/pipeline/publish/object-identity.js';
import type { MemoryFault } from '../../../support/fakes/memory-faults.js';
import { rawEnd, uploadPlan } from '../../../support/fakes/upload-plan.js';
import { MemoryObjectTarget } from '../../../support/fakes/memory-object-target.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';
import { rivals, watchReplacements } from '../../../support/fakes/target-rival.js';

useScaledTime(2_000);

const never = new AbortController().signal;
const unit = { index: 0, id: 'u', key: 'u.gz', fields: {} };
const identity = objectIdentity({ name: 'orders', id: 'id-1' }, unit, 'manifest');
const storeFindings = async () => {};
const raw = { bytes: 3, sha256: 'a'.repeat(64), crc32: '00000001' };

const step = fc.record({
  rival: fc.option(fc.constantFrom('foreign', 'leftover', 'same', 'delete', 'abort'), { nil: undefined, freq: 3 }),
  fault: fc.option(fc.constantFrom('lose-request', 'lose-reply', 'throttled', 'forbidden'), {
    nil: undefined,
    freq: 2,
  }),
});

it('publishes an object once and whole, and replaces a foreign one only under always', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      fc.array(fc.constantFrom('x', 'yy', 'zzz'), { minLength: 1, maxLength: 5 }),
      fc.constantFrom('never', 'changed', 'always'),
      fc.constantFrom(0, 3, 100),
      async (script, bodies, overwrite, aheadBytes) => {
        const whole = Buffer.from(bodies.join(''));
        const target = new MemoryObjectTarget({ partBytesMin: 1 });
        const rivalsWrote = new Set<unknown>();
        const replacements = watchReplacements(target);
        let next = 0;
        target.requests.hook = ({ kind }): MemoryFault | undefined => {
          const act = script[next];
          next += 1;
          if (act?.rival === 'delete') target.objects.delete(unit.key);
          else if (act?.rival === 'abort') target.uploads.clear();
          else if (act?.rival !== undefined) {
            const object = rivals[act.rival](identity, whole);
            rivalsWrote.add(object);
            target.objects.set(unit.key, object);
          }
          if (act?.fault === undefined || kind === 'abortUpload') return undefined;
          if (act.fault === 'throttled') return { fault: 'fail', failure: new Failure('TargetThrottled', 'slow down') };
          if (act.fault === 'forbidden') return { fault: 'fail', failure: new Failure('TargetForbidden', 'no') };
          return { fault: act.fault };
        };
        const parts = async function* () {
          for (const [index, body] of bodies.entries())
            yield { number: index + 1, body: Buffer.from(body), last: index === bodies.length - 1, rawEnd };
        };
        const ahead = new ByteBudget(aheadBytes);
        const condition = { kind: 'absent' } as const;
        const result = await publishObject(
          parts(),
          {
            unit,
            identity,
            overwrite,
            compress: 'none' as const,
            target,
            condition,
            ahead,
            rawProof: () => raw,
            storeFindings,
            upload: uploadPlan(target),
          },
          never,
        ).catch((error: unknown) => toFailure(error));

        const ours = replacements.filter(({ after }) => !rivalsWrote.has(after));
        for (const { before, after } of ours) {
          expect(after.bytes.equals(whole)).toBe(true);
          const replaced = before && ownership(before, identity);
          expect(replaced).not.toBe('same');
          if (overwrite !== 'always') expect(replaced).not.toBe('foreign');
        }
        expect(ahead.usedBytes).toBe(0);
        if (result instanceof Failure) {
          expect(result.failureClass).toMatch(
            /^Target(Conflict|UploadGone|Forbidden|Integrity|Network|Throttled|UnknownOutcome)$/,
          );
        } else {
          // Whatever a rival did later: an object with this ETag was there, whole and ours.
          const proven = replacements.find(({ after }) => after.etag === result.proof.etag);
          expect(proven?.after.bytes.equals(whole)).toBe(true);
          expect(ownership(proven!.after, identity)).toBe('same');
          if (result.state === 'done' && !rivalsWrote.has(proven!.after)) expect(ours.length).toBeGreaterThanOrEqual(1);
        }
      },
    ),
    { numRuns: 300 },
  );
});
