import { execa } from 'execa';
import { describe, expect, it } from 'vitest';

const top = new URL('../../../', import.meta.url).pathname;

describe('a program on a Node below the minimum', () => {
  it.each([
    ['longhaul', 'dist/client.js', '20.14.0'],
    ['longhaul-worker', 'dist/worker.js', '20.14.0'],
    ['longhaul', 'dist/client.js', '18.20.8'],
  ])('%s (%s) on %s says so in one line, before anything is loaded', async (name, program, version) => {
    const pretend = `Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`;
    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, program, '--version'],
      { cwd: top, reject: false },
    );
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `${name} needs Node 20.15 or later; this is ${version}. See https://nodejs.org.`,
    });
  });
});
