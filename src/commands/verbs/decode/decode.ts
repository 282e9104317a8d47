import type { Verb } from '../../verb.js';

/** `longhaul decode FILE|az://account/container/blob` */
export const decode: Verb = {
  name: 'decode',
  summary: 'decodes one blob as a migration would, to examine a suspicious one',
  description:
    'Decodes one blob with the transform, limits and accounts of a migration file, or else with the defaults. The ' +
    'bytes go to standard output and the verdict to standard error. If a migration would refuse the blob, the ' +
    'verdict has class, stream, block and byte offset, and the exit status is 1. By then, the bytes before the ' +
    'damage have been written; with -o, the file appears only if it is whole. With --json, the document is the ' +
    'verdict, and the bytes are written only with -o.',
  operands: [
    { name: 'blob', description: 'a file, or az://account/container/blob with an account of the migration file' },
  ],
  options: ['migration', 'output'],
  variables: ['LONGHAUL_CREDENTIAL_<NAME>', 'LONGHAUL_ALLOW_INSECURE_ENDPOINTS', 'LONGHAUL_TRUSTED_HOSTS'],
  examples: [
    { line: 'decode suspicious.bz2 > bytes', does: 'decode a downloaded blob, with the default limits' },
    {
      line: 'decode az://east/events/a.bz2 --migration migration.yaml -o bytes',
      does: 'decode it as the migration does',
    },
    { line: 'decode suspicious.bz2 --json', does: 'the verdict alone, as a JSON document' },
  ],
  run: async (call) => (await import('./run-decode.js')).runDecode(call),
};
