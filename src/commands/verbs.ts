import type { Verb } from './verb.js';

/** Loads each verb, in the order of the help. Only what a command line names is loaded: the rest costs time. */
const loaders: Readonly<Record<string, () => Promise<Verb>>> = {
  demo: async () => (await import('./verbs/demo/demo.js')).demo,
  init: async () => (await import('./verbs/init/init.js')).init,
  check: async () => (await import('./verbs/check.js')).check,
  explore: async () => (await import('./verbs/explore/explore.js')).explore,
  plan: async () => (await import('./verbs/plan/plan.js')).plan,
  start: async () => (await import('./verbs/start.js')).start,
  watch: async () => (await import('./verbs/watch.js')).watch,
  status: async () => (await import('./verbs/status.js')).status,
  list: async () => (await import('./verbs/list.js')).list,
  pause: async () => (await import('./verbs/pause.js')).pause,
  resume: async () => (await import('./verbs/resume.js')).resume,
  tune: async () => (await import('./verbs/tune.js')).tune,
  cancel: async () => (await import('./verbs/cancel.js')).cancel,
  failures: async () => (await import('./verbs/failures.js')).failures,
  verify: async () => (await import('./verbs/verify/verify.js')).verify,
  retry: async () => (await import('./verbs/retry/retry.js')).retry,
  trace: async () => (await import('./verbs/trace.js')).trace,
  export: async () => (await import('./verbs/export.js')).exportLineage,
  report: async () => (await import('./verbs/report.js')).report,
  forget: async () => (await import('./verbs/forget.js')).forget,
  decode: async () => (await import('./verbs/decode/decode.js')).decode,
  'dev up': async () => (await import('./verbs/dev/dev-up.js')).devUp,
  'dev status': async () => (await import('./verbs/dev/dev-status.js')).devStatus,
  'dev env': async () => (await import('./verbs/dev/dev-env.js')).devEnv,
  'dev down': async () => (await import('./verbs/dev/dev-down.js')).devDown,
  'dev fetch': async () => (await import('./verbs/dev/dev-fetch.js')).devFetch,
  completion: async () => (await import('./verbs/completion.js')).completion,
};

/** The groups of verbs that consist of two words, by the first one. */
export const verbGroups: Readonly<Record<string, string>> = {
  dev: 'the local stack: Temporal with its Web UI, Azurite, an S3 server and workers',
};

/** Loads every verb, in the order of the help. */
export function loadVerbs(): Promise<readonly Verb[]> {
  return Promise.all(Object.values(loaders).map((load) => load()));
}

/** Loads the verb that a command line names, or every verb of the group that it names; every verb if it names none. */
export async function loadNamedVerbs([first = '', second = '']: readonly string[]): Promise<readonly Verb[]> {
  const names = Object.keys(loaders);
  const named = names.filter((name) => name === first || name === `${first} ${second}`);
  const chosen = named.length > 0 ? named : names.filter((name) => name.startsWith(`${first} `));
  if (first === '' || chosen.length === 0) return loadVerbs();
  return Promise.all(chosen.flatMap((name) => loaders[name]?.() ?? []));
}
