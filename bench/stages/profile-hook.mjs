/**
 * Loaded by Node into each process that is measured: writes a CPU profile of its main thread when it ends, under the
 * name of the process, into the folder that the environment names.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const folder = process.env['LONGHAUL_BENCH_PROFILES'];
if (isMainThread && folder !== undefined) {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: 1_000 });
  session.post('Profiler.start');
  process.on('exit', () => {
    session.post('Profiler.stop', (error, result) => {
      if (error !== null) return;
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${String(process.pid)}.cpuprofile`), JSON.stringify(result.profile));
    });
  });
}
