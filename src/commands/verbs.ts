import { cancel } from './cancel.js';
import { decode } from './decode.js';
import { demo } from './demo.js';
import { devDown } from './dev-down.js';
import { devEnv } from './dev-env.js';
import { devFetch } from './dev-fetch.js';
import { devStatus } from './dev-status.js';
import { devUp } from './dev-up.js';
import { failures } from './failures.js';
import { init } from './init.js';
import { list } from './list.js';
import { pause } from './pause.js';
import { resume } from './resume.js';
import { retry } from './retry.js';
import { start } from './start.js';
import { status } from './status.js';
import { tune } from './tune.js';
import { watch } from './watch.js';
import type { Verb } from './verb.js';

/** Every verb, in the order of the help. A verb is here only when it works. */
export const verbs: readonly Verb[] = [
  demo,
  init,
  start,
  watch,
  status,
  list,
  pause,
  resume,
  tune,
  cancel,
  failures,
  retry,
  decode,
  devUp,
  devStatus,
  devEnv,
  devDown,
  devFetch,
];

/** Verbs of two words share the first. */
export const verbGroups: Readonly<Record<string, string>> = {
  dev: 'The local stack: Temporal with its Web UI, Azurite, an S3 server and workers',
};
