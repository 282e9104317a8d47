/**
 * Loaded by workers before their own program: puts accounts and a bucket in memory in place of the real ones. Only
 * the modules below `dist/worker` get them, so that nothing else is replaced by mistake.
 */
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
