/** Loaded by workers before their own program: puts accounts and a bucket in memory in place of the real ones. */
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
