import { describe, expect, it } from 'vitest';
import type { RootDescription } from '../../../../src/commands/ports/temporal-port.js';
import { runProgram } from '../../../../src/commands/run-program.js';
import { controlKeys } from '../../../../src/control/control-keys.js';
import { Failure } from '../../../../src/domain/failure.js';
import { planLayout } from '../../../../src/domain/layout.js';
import { MemoryControlStore } from '../../../support/fakes/memory-control-store.js';
import type { MemoryHook } from '../../../support/fakes/memory-faults.js';
import { smallDefinition } from '../../../support/fakes/memory-migration.js';
import { fakeContext } from '../fake-context.js';
import { completedRoot, fakeTemporal, runningRoot } from '../sample-documents.js';

const base = '.longhaul/orders';
const neighbours = ['.longhaul/orders-2/r0000/migration.json', '.longhaul/orders', 'orders/acme.json.gz'];

/** Returns a control store with two rounds, a checkpoint in each, and objects beside them. */
function storeOfTwoRounds(hook?: MemoryHook<'read' | 'write' | 'overwrite' | 'list' | 'delete'>): MemoryControlStore {
  const control = new MemoryControlStore(hook);
  const put = (key: string, value: object) => control.objects.set(key, Buffer.from(JSON.stringify(value)));
  for (const round of [0, 1]) {
    put(controlKeys.migration(base, round), {
      ...{ format: 1, name: 'orders', round, definition: smallDefinition(), definitionDigest: 'd', unitsDigest: 'u' },
      ...{ layout: planLayout(4), version: '1.2.3', stagedAt: '2026-01-02T03:04:05.000Z', id: 'random' },
    });
    const upload = { format: 1, key: `big-${String(round)}`, uploadId: `upload-${String(round)}`, earlier: ['older'] };
    put(controlKeys.upload(base, round, 3), upload);
    put(controlKeys.ledger(base, round, { partition: 0, slice: 0 }), {});
  }
  put(controlKeys.owner(base), { format: 1, epoch: 1, cluster: 'far', namespace: 'away', rootRunId: 'r' });
  for (const key of neighbours) put(key, {});
  return control;
}

async function run(
  { control = storeOfTwoRounds(), root = completedRoot, plan, answer }: Partial<Given>,
  ...options: string[]
) {
  const aborted: string[] = [];
  const questions: string[] = [];
  const context = fakeContext({
    connectTemporal: async () =>
      fakeTemporal([], {
        describeRoot: async (name) => (name === 'orders' ? (root ?? undefined) : plan),
        controlAddress: async () => ({ name: 'orders', bucket: 'archive', prefix: '.longhaul', s3: {} }),
      }),
    ask: async (question) => {
      questions.push(question);
      return answer;
    },
    stores: {
      openControl: async () => control,
      openUploads: async () => ({
        abortUpload: async (key: string, id: string) => void aborted.push(`${key} ${id}`),
        close: () => {},
      }),
    } as never,
  });
  const status = await runProgram(['forget', 'orders', ...options], context);
  const { out, err } = context;
  return {
    status,
    out: out.text(),
    err: err.text(),
    aborted: aborted.sort(),
    questions,
    left: [...control.objects.keys()],
  };
}

interface Given {
  readonly control: MemoryControlStore;
  readonly root: RootDescription | null;
  readonly plan: RootDescription;
  readonly answer: string;
}

describe('forget', () => {
  it('aborts the open uploads of every round and deletes its control prefix alone', async () => {
    const { status, out, aborted, left } = await run({}, '--yes');
    expect(status).toBe(0);
    expect(aborted).toEqual(['big-0 older', 'big-0 upload-0', 'big-1 older', 'big-1 upload-1']);
    expect(left).toEqual(neighbours);
    expect(out).toBe(
      'Forgot the migration orders: 4 open uploads aborted, 7 control objects deleted. Its target objects stay.\n',
    );
  });

  it.each(['y', 'Yes '])('deletes after the answer "%s"', async (answer) => {
    const { status, questions, left } = await run({ answer });
    expect(status).toBe(0);
    expect(questions).toHaveLength(1);
    expect(questions[0]).toContain(
      'This deletes everything below s3://archive/.longhaul/orders: the ledger of 4 units',
    );
    expect(left).toEqual(neighbours);
  });

  it.each([
    ['', 'was not forgotten: nothing has been deleted'],
    ['n', 'was not forgotten: nothing has been deleted'],
    [undefined, 'needs a confirmation\n  next: run it in a terminal, or add `--yes`'],
  ])('deletes nothing after the answer %j', async (answer, message) => {
    const { status, err, aborted, left } = await run(answer === undefined ? {} : { answer });
    expect(status).toBe(2);
    expect(err).toContain(message);
    expect(aborted).toEqual([]);
    expect(left).toHaveLength(7 + neighbours.length);
  });

  it('is refused while the migration runs', async () => {
    const { status, err, left } = await run({ root: runningRoot }, '--yes');
    expect(status).toBe(2);
    expect(err).toContain('The migration orders is running\n  next: stop it first: `longhaul cancel orders`');
    expect(left).toHaveLength(7 + neighbours.length);
  });

  it('is refused while its plan runs, whose objects are below its own', async () => {
    const { status, err, left } = await run({ plan: { ...runningRoot, workflowId: 'plan/orders' } }, '--yes');
    expect(status).toBe(2);
    expect(err).toContain(
      'The plan of the migration orders is running\n  next: stop it first: `longhaul cancel plan/orders`',
    );
    expect(left).toHaveLength(7 + neighbours.length);
  });

  it('says where an open round may be running if this Temporal does not know it', async () => {
    const { questions } = await run({ root: null, answer: 'n' });
    expect(questions[0]).toContain('Its round 1 is open, begun on the Temporal cluster far, namespace away');
    expect((await run({ answer: 'n' })).questions[0]).not.toContain('is open');
  });

  it('can be repeated after it was cut short anywhere', async () => {
    for (let deletes = 0; deletes < 7; deletes += 1) {
      let left = deletes;
      let isCut = true;
      const control = storeOfTwoRounds(async (request) => {
        if (!isCut || request.kind !== 'delete' || left-- > 0) return undefined;
        return { fault: 'fail', failure: new Failure('TargetForbidden', 'denied') };
      });
      const cut = await run({ control }, '--yes');
      expect(cut.status).not.toBe(0);
      isCut = false;
      const again = await run({ control }, '--yes');
      expect(again).toMatchObject({ status: 0, left: neighbours });
    }
  });
});
