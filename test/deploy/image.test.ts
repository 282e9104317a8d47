import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoOfProgram } from '../support/programs/demo-of-program.js';
import { installNode } from '../support/programs/install-node.js';
import { freePortBase } from '../support/servers/free-port-base.js';
import { startTemporalServer } from '../support/servers/temporal-server.js';
import { until } from '../support/until.js';

const install = new URL('../../deploy/container/install.sh', import.meta.url).pathname;

/** What the image has besides: the C library, certificates and time zones of gcr.io/distroless/cc-debian12. */
const baseMb = 30;

describe('what the image of the workers contains, installed into an empty folder', () => {
  let folder: string;
  let prefix: string;
  let node: string;
  let paths: readonly string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'longhaul-image-'));
    // The user of the image must get there.
    chmodSync(folder, 0o755);
    prefix = join(folder, 'longhaul');
    node = await installNode(folder, '24');
    await execa(install, [prefix]);
    paths = readdirSync(prefix, { recursive: true, encoding: 'utf8' });
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is only the native part of this platform, and nothing that only developers read', () => {
    const natives = paths.filter((path) => path.endsWith('.node'));
    expect(natives).toHaveLength(1);
    expect(natives[0]).toContain('@temporalio/core-bridge/releases/');
    expect(paths.filter((path) => /\.(map|rs|d\.[cm]?ts)$/.test(path))).toEqual([]);
  });

  it('is less than 300 MB together with Node and its base', () => {
    const bytes = paths.reduce((sum, path) => sum + lstatSync(join(prefix, path)).blocks * 512, 0);
    const [ours, nodes] = [bytes / 1e6, statSync(node).size / 1e6];
    console.error(
      `The image: ${ours.toFixed(0)} MB of ours, ${nodes.toFixed(0)} MB of Node, at most ${baseMb} MB of base`,
    );
    expect(ours + nodes + baseMb).toBeLessThan(300);
  });

  it('can be written to by nobody', () => {
    const writable = paths.filter((path) => (lstatSync(join(prefix, path)).mode & 0o222) !== 0);
    expect(writable.filter((path) => !lstatSync(join(prefix, path)).isSymbolicLink())).toEqual([]);
  });

  describe('as a worker', () => {
    let server: TestWorkflowEnvironment;
    beforeAll(async () => {
      server = await startTemporalServer();
    });
    afterAll(() => server.teardown());

    it('is ready within a minute as a user that may write nowhere, and drains within its grace', async () => {
      const health = `127.0.0.1:${String(await freePortBase())}`;
      const startedMs = performance.now();
      const worker = execa(node, [join(prefix, 'dist/worker.js'), '--processes', '2'], {
        ...{ reject: false, stdin: 'ignore', extendEnv: false, all: true, cwd: '/' },
        // The user of the image, where the tests may choose one.
        ...(process.getuid?.() === 0 ? { uid: 65_532, gid: 65_532 } : {}),
        env: {
          TEMPORAL_ADDRESS: server.address,
          LONGHAUL_HEALTH: health,
          HOME: '/nonexistent',
          TMPDIR: '/nonexistent',
        },
      });
      const probe = async (name: string): Promise<number> =>
        fetch(`http://${health}/${name}`).then(
          ({ status }) => status,
          // Nobody listens yet.
          () => 0,
        );
      await until('the worker is ready', async () => (await probe('readyz')) === 200, 60_000);
      console.error(`Ready after ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
      expect(await probe('healthz')).toBe(200);
      worker.kill('SIGTERM');
      expect(await worker).toMatchObject({ exitCode: 0 });
    });
  });

  it('moves and verifies a migration', async () => {
    const program = { command: node, before: [join(prefix, 'dist/client.js')], cwd: folder };
    const demo = await demoOfProgram(program, join(folder, 'stack'));
    expect(demo.document).toMatchObject({
      status: { phase: 'completed', units: { total: 12, failed: 0 } },
      verification: { differences: 0 },
    });
  });
});
