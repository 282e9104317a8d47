#!/usr/bin/env node
/**
 * Compiles the codecs: every `<name>/assembly/index.ts` below `src/pipeline`, written in AssemblyScript, to
 * `<name>/<name>.wasm`.
 *
 * A binary carries the digest of what it was made from in a section of its own, and is left alone while that is
 * unchanged.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { listBelow, listCodecs } from './lib/build-inputs.mjs';
import { formatDuration, runProcess } from './lib/run-process.mjs';

process.chdir(resolve(import.meta.dirname, '..'));

const compiler = 'node_modules/assemblyscript';
// Codecs manage their own memory and allocate nothing: no runtime, no assertions, no imports.
const options = ['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=', '--enable', 'simd'];
const digestSection = 'inputs.sha256';

for (const { sources, binary } of listCodecs()) {
  const digest = digestInputs(sources);
  if (existsSync(binary) && digestOf(readFileSync(binary)) === digest) continue;
  const startedAt = performance.now();
  writeAtomically(binary, withDigest(await compile(`${sources}/index.ts`), digest));
  process.stderr.write(`Compiled ${binary} in ${formatDuration(performance.now() - startedAt)}.\n`);
}

/** @param {string} source */
async function compile(source) {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-codec-'));
  try {
    const output = join(folder, 'codec.wasm');
    const status = await runProcess(process.execPath, [`${compiler}/bin/asc.js`, source, '-o', output, ...options]);
    if (status !== 0) throw new Error(`${source} does not compile; see the messages above`);
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder */
function digestInputs(folder) {
  const { version } = JSON.parse(readFileSync(`${compiler}/package.json`, 'utf8'));
  const digest = createHash('sha256').update(JSON.stringify([version, options]));
  for (const path of listBelow(folder)) {
    digest.update(`${path}\0${createHash('sha256').update(readFileSync(path)).digest('hex')}\n`);
  }
  return digest.digest('hex');
}

/** @param {Buffer<ArrayBuffer>} binary */
function digestOf(binary) {
  const [section] = WebAssembly.validate(binary)
    ? WebAssembly.Module.customSections(new WebAssembly.Module(binary), digestSection)
    : [];
  return section && Buffer.from(section).toString('latin1');
}

/**
 * Appends a custom section: id 0, length of the rest, length of the name, name, content; every length is below 128, so
 * one byte.
 *
 * @param {Buffer} binary
 * @param {string} digest
 */
function withDigest(binary, digest) {
  const content = Buffer.from(`${String.fromCharCode(digestSection.length)}${digestSection}${digest}`, 'latin1');
  return Buffer.concat([binary, Buffer.of(0, content.length), content]);
}

/**
 * Tests and builds may run side by side: a reader of the binary sees the complete old or new one.
 *
 * @param {string} path
 * @param {Buffer} bytes
 */
function writeAtomically(path, bytes) {
  // Not next to it, where a build that lists the sources at the same time would find it.
  const next = `node_modules/.codec-${process.pid}.wasm`;
  writeFileSync(next, bytes);
  renameSync(next, path);
}
