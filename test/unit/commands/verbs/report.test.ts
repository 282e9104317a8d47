import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReportDocument } from '../../../../src/commands/report/report-document.js';
import { controlKeys } from '../../../../src/control/control-keys.js';
import { writeContainerFindings, writeUnclaimed } from '../../../../src/control/plan/stored-unclaimed.js';
import { writeVerification } from '../../../../src/control/stored-verification.js';
import { planLayout } from '../../../../src/domain/layout.js';
import type { Receipt } from '../../../../src/domain/receipt.js';
import { MemoryControlStore } from '../../../support/fakes/memory-control-store.js';
import { smallDefinition } from '../../../support/fakes/memory-migration.js';
import { base, done, failed, runOverRounds } from '../run-over-rounds.js';
import { sampleRounds, sampleTime } from '../report/sample-rounds.js';

type Rounds = readonly (readonly Receipt[])[];

const at = (second: number): string => new Date(Date.parse('2026-01-02T03:04:00.000Z') + second * 1_000).toISOString();

async function reported(rounds: Rounds, ...more: [MemoryControlStore?, Parameters<typeof runOverRounds>[3]?]) {
  const { status, out, err } = await runOverRounds(rounds, ['report', 'orders', '--json'], ...more);
  expect(err).toBe('');
  expect(status).toBe(0);
  return JSON.parse(out) as ReportDocument;
}

async function page(rounds: Rounds, args: readonly string[] = [], control?: MemoryControlStore): Promise<string> {
  const { status, out } = await runOverRounds(rounds, ['report', 'orders', ...args], control);
  expect(status).toBe(0);
  return out;
}

/** What a reader sees of a page. */
const textOf = (html: string): string =>
  html
    .replace(/<style>[^]*?<\/style>/, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');

describe('report', () => {
  it('counts each unit once, by its newest round, and what is in place by the newest proof', async () => {
    const { units, objects, rounds, failures, leftBehind } = await reported([
      [
        done(0, { at: at(0) }),
        failed(1, { at: at(1) }),
        done(2, { at: at(2), bytes: { source: 5, raw: 6, target: 7 } }),
      ],
      [failed(0, { at: at(3), blobs: 2, bytes: { source: 9, raw: 0, target: 0 } }), done(1, { at: at(4) })],
    ]);
    expect(units).toEqual({ total: 4, done: 2, found: 0, empty: 0, failed: 1, open: 1 });
    expect(objects).toMatchObject({ count: 3, blobs: 3, bytes: { source: 25, raw: 206, target: 47 }, outdated: 1 });
    expect(rounds.map(({ round, units: { done: ended } }) => [round, ended])).toEqual([
      [1, 1],
      [0, 2],
    ]);
    expect(failures).toMatchObject({ units: 1, classes: [{ units: 1, first: [{ id: 'unit-0', round: 1 }] }] });
    expect(leftBehind).toMatchObject({ failed: { units: 1, blobs: 2, bytes: 9 }, openUnits: 1 });
  });

  it('shows throughput by the times of receipts, with the bytes of a unit over the time that it took', async () => {
    const long = done(0, { at: at(3), took: { ms: 3_000 }, bytes: { source: 300, raw: 0, target: 30 } });
    const { throughput } = await reported([
      [long, done(1, { at: at(5) }), done(2, { at: '1999-01-01T00:00:00.000Z' })],
    ]);
    expect(throughput).toHaveLength(1);
    expect(throughput[0]).toMatchObject({ round: 0, stepSeconds: 1, untimed: 1 });
    const steps = throughput[0]?.steps.map(({ at: step, units, sourceBytes }) => [step, units, sourceBytes]);
    expect(steps).toEqual([
      [at(0), 0, 100],
      [at(1), 0, 100],
      [at(2), 0, 100],
      [at(3), 1, 0],
      [at(4), 0, 0],
      [at(5), 1, 10],
    ]);
  });

  it('shows what had to be repeated, and what of it because a store asked for fewer requests', async () => {
    const retries = { SourceThrottled: 3, TargetNetwork: 1 };
    const rounds = [[done(0, { at: at(0), took: { ms: 5, retries } }), done(1, { at: at(1), took: { ms: 4 } })]];
    const { throttling } = await reported(rounds);
    expect(throttling).toMatchObject({ recordedUnits: 2, units: 1, requests: 4, throttled: 3 });
    expect(textOf(await page(rounds))).toContain(
      '4 requests of 1 units failed and were repeated. 3 of these failed because a store asked for fewer requests.',
    );
  });

  it('says what the receipts of older versions do not contain, instead of showing zero', async () => {
    const rounds = [[done(0, { at: at(0) })]];
    expect(await reported(rounds)).toMatchObject({ slowest: [], sizes: { milliseconds: null } });
    const text = textOf(await page(rounds));
    expect(text).toContain('No receipt says how long its unit took.');
    expect(text).toContain('No receipt says which requests had to be repeated.');
  });

  it('calculates the cost of all rounds, and shows none without a price for the storage class', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'longhaul-report-'));
    try {
      const rounds = [[done(0, { at: at(0), blobs: 20_000, bytes: { source: 2e9, raw: 3e9, target: 3e9 } })]];
      const { cost } = await reported(rounds);
      expect(cost.requests).toEqual({ lists: 1, sourceHeads: 0, reads: 20_000, puts: 1, targetHeads: 0 });
      expect(cost.egressBytes).toBe(2e9);
      expect(cost.amounts?.egress).toBeCloseTo(2 * 0.087);
      const prices = {
        date: '2026-11-27',
        currency: 'EUR',
        source: { readsPer10000: 0, listsPer10000: 0, egressPerGB: 0 },
      };
      const target = { headsPer1000: 0, classes: {} };
      const path = join(folder, 'prices.json');
      await writeFile(path, JSON.stringify({ ...prices, target, targetBytesPerSourceByte: 1 }));
      expect(textOf(await page(rounds, ['--prices', path]))).toContain(
        'The price list has no storage class STANDARD, so no cost is shown.',
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('shows what the newest plan found that no unit claims, or how to find out', async () => {
    const rounds = [[done(0, { at: at(0) })]];
    expect(textOf(await page(rounds))).toContain('longhaul plan FILE --unclaimed finds out');
    const control = new MemoryControlStore();
    await plannedWithUnclaimed(control);
    const { leftBehind } = await reported(rounds, control);
    expect(leftBehind.unclaimed).toMatchObject({ plannedAt: at(9), containers: 1, unclaimed: { blobs: 3, bytes: 30 } });
    expect(textOf(await page(rounds, [], control))).toContain('Blobs that no unit claims 3 30 B');
  });

  it('shows what the newest verification found, or that there was none', async () => {
    const rounds = [[done(0, { at: at(0) })]];
    expect(textOf(await page(rounds))).toContain('Not verified yet.');
    const control = new MemoryControlStore();
    await verified(control);
    const { verification } = await reported(rounds, control);
    expect(verification).toMatchObject({ objects: 4, intact: 3, isOfNewestRound: true, additional: { objects: 2 } });
    const text = textOf(await page(rounds, [], control));
    expect(text).toContain('Compared 4 As they were written 3 Read back and unpacked 1');
    expect(text).toContain('unit-0 VerifyMismatch/Checksum the content differs');
    expect(text).not.toContain('Later rounds may have replaced objects since.');
    const later = [...rounds, [done(1, { at: at(1) })]];
    expect(textOf(await runOverRounds(later, ['report', 'orders'], control).then(({ out }) => out))).toContain(
      'Later rounds may have replaced objects since.',
    );
  });

  it('says that a migration has not ended, with the figures so far', async () => {
    const rounds = [[done(0, { at: at(0) })]];
    const state = { ...openSecond, isOpen: true };
    expect(await reported(rounds, undefined, state)).toMatchObject({
      ...{ phase: 'running', endedAt: null, units: { total: 4, done: 1, open: 3 } },
      rounds: [{ endedAt: null, units: { done: 1 } }],
    });
    const { out } = await runOverRounds(rounds, ['report', 'orders'], undefined, state);
    expect(textOf(out)).toContain('It has not ended yet: running. 1 of 4 units have ended, 0 of them failed.');
  });

  it('shows names as they are, whatever is in them', async () => {
    const html = await page([[failed(0, { at: at(0), id: '</td><script>alert(1)</script>', message: '<b>"&' })]]);
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).toContain('&lt;b&gt;&#34;&amp;');
  });

  it('has a page that allows neither network nor script, and has a bounded length', async () => {
    const [some, many] = await Promise.all(
      [40, 4_000].map(async (units) => {
        const { out } = await runOverRounds(sampleRounds(units), ['report', 'orders'], undefined, {
          ...sampleTime,
          units,
        });
        return out;
      }),
    );
    expect(some).toMatch(/default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'/);
    expect(some).not.toMatch(/<[^>]* (src|href|action|style)=|url\(|@import/);
    expect(many?.length).toBeLessThan(200_000);
  });

  it('refuses a plan, and says what writes its page', async () => {
    const { status, err } = await runOverRounds([[]], ['report', 'plan/orders']);
    expect(status).toBe(2);
    expect(err).toContain('longhaul plan FILE -o DIR');
  });

  it('reports a migration of which no unit has ended', async () => {
    expect(await reported([[]])).toMatchObject({ units: { total: 4, open: 4 }, throughput: [{ steps: [] }] });
    expect(textOf(await page([[]]))).toContain('No unit has ended yet.');
  });

  describe('to a place', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'longhaul-report-'));
    });
    afterEach(() => rm(folder, { recursive: true }));

    it('writes the page to a file, and with --json the figures to standard output', async () => {
      const path = join(folder, 'report.html');
      const rounds = [[done(0, { at: at(0) })]];
      const { out } = await runOverRounds(rounds, ['report', 'orders', '--json', '-o', path]);
      expect(JSON.parse(out)).toEqual(await reported(rounds));
      expect(await readFile(path, 'utf8')).toBe(await page(rounds));
    });

    it('writes an object', async () => {
      const control = new MemoryControlStore();
      const rounds = [[done(0, { at: at(0) })]];
      await page(rounds, ['-o', 's3://audit/report.html'], control);
      expect(String(control.objects.get('report.html'))).toBe(await page(rounds));
    });
  });
});

const openSecond = {
  ...{ stagedAt: '2026-01-02T03:04:05.000Z', startedAt: '2026-01-02T03:04:05.000Z' },
  ...{ endedAt: '2026-01-02T03:04:06.000Z', units: 4 },
};

/** Stores a verification of one round that found a difference. */
async function verified(control: MemoryControlStore): Promise<void> {
  const settings = [{ round: 0, compress: 'gzip', contentType: 'text/plain', tags: {}, metadata: {} }];
  const place = { control, base: `${base}/verify`, round: 0 };
  const put = (key: string, value: object) => control.objects.set(key, Buffer.from(JSON.stringify(value)));
  put(controlKeys.migration(place.base, 0), {
    ...{ format: 1, name: 'verify/orders', round: 0, definition: smallDefinition(), definitionDigest: 'd' },
    ...{ unitsDigest: 'u', layout: planLayout(4), version: '1.2.3', stagedAt: at(0) },
    verify: { closedRounds: 1, sample: '1', seed: 1, readBack: { objects: 1, bytes: 20 }, settings },
  });
  put(controlKeys.summary(place.base, 0), {
    ...{ format: 1, name: 'verify/orders', round: 0, total: 4, phase: 'completed', startedAt: at(1), endedAt: at(9) },
    tally: {
      ...{ units: { done: 3, found: 0, empty: 0, failed: 1 }, blobs: { done: 0 } },
      bytes: { source: 0, raw: 0, target: 0 },
    },
  });
  const first = [
    { id: 'unit-0', key: 'orders/unit-0.gz', class: 'VerifyMismatch/Checksum', message: 'the content differs' },
  ] as const;
  await writeVerification(
    place,
    {
      ...{ format: 1, objects: 4, intact: 3, readBack: { objects: 1, bytes: 20 }, archived: 0, endedAt: at(9) },
      ...{ differences: [{ class: 'VerifyMismatch/Checksum', objects: 1 }], first },
      additional: { objects: 2, bytes: 5, prefixes: [] },
    },
    new AbortController().signal,
  );
}

/** Stores a plan that has listed a container with three blobs of nobody. */
async function plannedWithUnclaimed(control: MemoryControlStore): Promise<void> {
  const place = { control, base: `${base}/plan`, round: 0 };
  const never = new AbortController().signal;
  const put = (key: string, value: object) => control.objects.set(key, Buffer.from(JSON.stringify(value)));
  put(controlKeys.migration(place.base, 0), {
    ...{ format: 1, name: 'plan/orders', round: 0, definition: smallDefinition(), definitionDigest: 'd' },
    ...{ unitsDigest: 'u', layout: planLayout(4), version: '1.2.3', stagedAt: at(0) },
    plan: { of: 4, seed: 1, unclaimed: true },
  });
  put(controlKeys.summary(place.base, 0), {
    ...{ format: 1, name: 'plan/orders', round: 0, total: 4, phase: 'completed', startedAt: at(1), endedAt: at(9) },
    tally: {
      ...{ units: { done: 4, found: 0, empty: 0, failed: 0 }, blobs: { done: 4 } },
      bytes: { source: 4, raw: 0, target: 0 },
    },
  });
  const none = { blobs: 0, bytes: 0 };
  const findings = {
    ...{ format: 1, account: 'east', container: 'events', claimed: { blobs: 4, bytes: 40 }, twice: none, gone: 0 },
    ...{ unclaimed: { blobs: 3, bytes: 30 }, firstTwice: [], firstGone: [] },
    shapes: [{ shape: 'events/{n}', blobs: 3, bytes: 30, first: ['a', 'b', 'c'] }],
  };
  await writeContainerFindings(place, findings, never);
  await writeUnclaimed(place, { format: 1, containers: 1, unknownUnits: 0, endedAt: at(9) }, never);
}
