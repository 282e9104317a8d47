import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoOfProgram, type DemoOfProgram } from '../support/programs/demo-of-program.js';
import { installNode } from '../support/programs/install-node.js';

const checkout = resolve(import.meta.dirname, '../..');
const [client, worker] = [join(checkout, 'dist/client.js'), join(checkout, 'dist/worker.js')];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-nodes-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(['22', '24'])('on the newest Node %s', (line) => {
  let node: string;
  beforeAll(async () => {
    node = await installNode(folder, line);
  }, 300_000);

  it('moves and verifies a migration, with workers of the same Node', async () => {
    const { stdout: version } = await execa(node, ['--version']);
    expect(version).toMatch(new RegExp(`^v${line}\\.`));

    let workers = '';
    const demo = await demoOfProgram(
      { command: node, before: [client], cwd: folder },
      join(folder, `stack-${line}`),
      async (parts) => {
        workers = await commandOf(parts, 'workers');
      },
    );

    expect(workers).toContain(node);
    expect(demo.document).toMatchObject({
      status: { phase: 'completed', units: { total: 12, failed: 0 } },
      verification: { differences: 0 },
    });
  });
});

describe('on a Node below the minimum', () => {
  let node: string;
  beforeAll(async () => {
    node = await installNode(folder, '18');
  }, 300_000);

  it.each([
    ['longhaul', client],
    ['longhaul-worker', worker],
  ])('%s says so in one line', async (name, program) => {
    const { exitCode, stdout, stderr } = await execa(node, [program, '--version'], { reject: false });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^${name} needs Node 20\\.15 or later; this is 18\\.[^\n]*$`));
  });
});

async function commandOf(parts: DemoOfProgram['parts'], wanted: string): Promise<string> {
  const pid = parts.find(({ name }) => name === wanted)?.pid;
  if (typeof pid !== 'number') throw new Error(`no process of ${wanted}: ${JSON.stringify(parts)}`);
  return (await execa('ps', ['-o', 'command=', '-ww', '-p', String(pid)])).stdout;
}
