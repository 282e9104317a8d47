import { cancel } from './verbs/cancel.js';
import { check } from './verbs/check.js';
import { completion } from './verbs/completion.js';
import { decode } from './verbs/decode/decode.js';
import { demo } from './verbs/demo/demo.js';
import { devDown } from './verbs/dev/dev-down.js';
import { devEnv } from './verbs/dev/dev-env.js';
import { devFetch } from './verbs/dev/dev-fetch.js';
import { devStatus } from './verbs/dev/dev-status.js';
import { devUp } from './verbs/dev/dev-up.js';
import { exportLineage } from './verbs/export.js';
import { explore } from './verbs/explore/explore.js';
import { failures } from './verbs/failures.js';
import { forget } from './verbs/forget.js';
import { init } from './verbs/init/init.js';
import { list } from './verbs/list.js';
import { pause } from './verbs/pause.js';
import { plan } from './verbs/plan/plan.js';
import { report } from './verbs/report.js';
import { resume } from './verbs/resume.js';
import { retry } from './verbs/retry/retry.js';
import { start } from './verbs/start.js';
import { status } from './verbs/status.js';
import { trace } from './verbs/trace.js';
import { tune } from './verbs/tune.js';
import { verify } from './verbs/verify/verify.js';
import { watch } from './verbs/watch.js';
import type { Verb } from './verb.js';

/** Every verb, in the order of the help. */
export const verbs: readonly Verb[] = [
  demo,
  init,
  check,
  explore,
  plan,
  start,
  watch,
  status,
  list,
  pause,
  resume,
  tune,
  cancel,
  failures,
  verify,
  retry,
  trace,
  exportLineage,
  report,
  forget,
  decode,
  devUp,
  devStatus,
  devEnv,
  devDown,
  devFetch,
  completion,
];

/** The groups of verbs that consist of two words, by the first one. */
export const verbGroups: Readonly<Record<string, string>> = {
  dev: 'The local stack: Temporal with its Web UI, Azurite, an S3 server and workers',
};
