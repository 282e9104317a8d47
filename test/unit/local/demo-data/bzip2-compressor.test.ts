import { execFileSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Bzip2Compressor, startBzip2Compressor } from '../../../../src/local/demo-data/bzip2-compressor.js';
import { generateDemoData } from '../../../../src/local/demo-data/generate-demo-data.js';
import { demoOptions } from './generate-in-memory.js';

describe('startBzip2Compressor', () => {
  it('gives each call its own streams, whatever their sizes', async () => {
    const compressor = start('python3');
    const texts = [0, 1, 70_000, 3, 200_000, 65_536].map((size, digit) => Buffer.alloc(size, String(digit)));
    const replies = await Promise.all(texts.map((text) => compressor.compress([text, Buffer.alloc(0), text])));
    replies.forEach((reply, index) => {
      const decoded = execFileSync(
        'python3',
        ['-c', 'import bz2,sys; sys.stdout.buffer.write(bz2.decompress(sys.stdin.buffer.read()))'],
        { input: reply },
      );
      expect(decoded.equals(Buffer.concat([texts[index]!, texts[index]!]))).toBe(true);
    });
  });

  it('says what to install when there is no Python', async () => {
    await expect(start('no-such-python3').compress([Buffer.from('x')])).rejects.toThrow(
      /"no-such-python3" did not start .*Install Python 3/,
    );
  });

  it('repeats what a program that is not Python 3 said', async () => {
    await expect(start(process.execPath).compress([Buffer.from('x')])).rejects.toThrow(
      /ended with status 1 .*It must be Python 3 with its `bz2` module/,
    );
  });

  it('rejects open and later calls when closed', async () => {
    const compressor = start('python3');
    const open = compressor.compress([Buffer.alloc(1_000_000)]);
    compressor.close();
    await expect(open).rejects.toThrow('was ended');
    await expect(compressor.compress([])).rejects.toThrow('was ended');
  });
});

describe('generateDemoData', () => {
  it('rejects with the advice when there is no Python', async () => {
    const options = await demoOptions({ python: 'no-such-python3' });
    await expect(generateDemoData(options)).rejects.toThrow('Install Python 3');
    expect(await readdir(options.directory)).toContain('migration.yaml');
  });
});

function start(python: string): Bzip2Compressor {
  const compressor = startBzip2Compressor({ python, processes: 2 });
  onTestFinished(() => {
    compressor.close();
  });
  return compressor;
}
