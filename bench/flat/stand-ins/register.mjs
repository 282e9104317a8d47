/**
 * Loaded by workers before their own program: puts accounts and a bucket in memory in place of the real ones. Wrong
 * places are impossible to hit by mistake, since only the modules below `dist/worker` get them.
 */
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
