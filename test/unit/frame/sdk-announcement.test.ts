import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { childVariables } from '../../../src/worker/supervision/run-parent.js';

// In a process of its own: the SDK says it once, to the standard error of the process.
const program = (silence: string): string => `
  ${silence}
  const { S3Client } = await import('@aws-sdk/client-s3');
  new S3Client({ region: 'us-east-1' });
  // What the SDK says on a Node that it will soon leave behind, whichever runs this test.
  const { emitWarningIfUnsupportedVersion } = await import('@aws-sdk/core/client');
  emitWarningIfUnsupportedVersion('v20.0.0');
  process.emitWarning('something that a user should see');
`;
const announcement = 'NodeVersionSupportWarning';
// The plain Node of that process knows no TypeScript.
const silence = `
  const { readFileSync } = await import('node:fs');
  const { default: ts } = await import('typescript');
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  // Such a module imports nothing by a relative path; this function needs none of what env.ts imports.
  const source = readFileSync('src/env.ts', 'utf8').replace(/^import .* from '\\.\\/.*$/m, '');
  const text = ts.transpile(source, options);
  (await import('data:text/javascript,' + encodeURIComponent(text))).silenceSdkAnnouncement();
`;

async function standardError(code: string): Promise<string> {
  return (await execa(process.execPath, ['--input-type=module', '-e', code])).stderr;
}

describe('the announcement of the AWS SDK', () => {
  it('is kept from standard error, and no other warning is', async () => {
    const said = await standardError(program(silence));
    expect(said).toContain('something that a user should see');
    expect(said).not.toContain(announcement);
  });

  it('is left to one process of a worker, in whose log it belongs', async () => {
    const variable = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';
    expect(childVariables(1, { A: 'b' }, variable)).toEqual({ A: 'b' });
    expect(childVariables(2, { A: 'b' }, variable)).toEqual({ A: 'b', [variable]: 'true' });
    expect(childVariables(2, { [variable]: 'false' }, variable)).toEqual({ [variable]: 'false' });
  });

  it('would be there otherwise', async () => {
    expect(await standardError(program(''))).toContain(announcement);
  });
});
