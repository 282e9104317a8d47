/** With `node --import`: writes the address of each ES module that a program loads to the file LOADED_MODULES. */
import { appendFileSync } from 'node:fs';
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) register(import.meta.url);

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  appendFileSync(process.env['LOADED_MODULES'] ?? '', `${url}\n`);
  return next(url, context);
}
