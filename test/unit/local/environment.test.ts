import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { formatEnvironment } from '../../../src/local/format-environment.js';
import { planPorts } from '../../../src/local/ports/plan-ports.js';
import { describeStack } from '../../../src/local/state/stack-description.js';
import { stackEnvironment } from '../../../src/local/stack-environment.js';
import type { StackState } from '../../../src/local/state/stack-state.js';

const state: StackState = {
  version: 1,
  portBase: 17_000,
  ports: planPorts(17_000),
  taskQueue: 'longhaul',
  usesStores: true,
  stores: {
    azure: [{ name: 'prod-east', key: 'a2V5' }],
    s3: { region: 'us-east-1', accessKeyId: 'id', secretAccessKey: 'secret' },
  },
  parts: {},
};

describe('stackEnvironment', () => {
  test('says where everything is and how to get in', () => {
    expect(stackEnvironment(describeStack('/state', state))).toEqual({
      TEMPORAL_ADDRESS: '127.0.0.1:17000',
      TEMPORAL_NAMESPACE: 'default',
      LONGHAUL_WEB_UI: 'http://127.0.0.1:17001',
      LONGHAUL_ALLOW_INSECURE_ENDPOINTS: '1',
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: 'us-east-1',
      LONGHAUL_CREDENTIAL_PROD_EAST:
        'DefaultEndpointsProtocol=http;AccountName=prod-east;AccountKey=a2V5;' +
        'BlobEndpoint=http://127.0.0.1:17004/prod-east;',
      NO_PROXY: '127.0.0.1,localhost',
      no_proxy: '127.0.0.1,localhost',
    });
  });

  test('names the task queue where it is not the usual one', () => {
    const stack = describeStack('/state', { ...state, taskQueue: 'other' });
    expect(stackEnvironment(stack)).toMatchObject({ LONGHAUL_TASK_QUEUE: 'other' });
  });

  test('leaves the credentials and rules of real clouds alone where the stack has no stores', () => {
    const stack = describeStack('/state', { ...state, usesStores: false });
    const names = Object.keys(stackEnvironment(stack, { AWS_PROFILE: 'mine' }));
    expect(names.filter((name) => /^AWS|CREDENTIAL|INSECURE/.test(name))).toEqual([]);
  });

  test("keeps the user's exceptions from the proxy, and empties what would outdo the local S3 credentials", () => {
    const env = stackEnvironment(describeStack('/state', state), {
      NO_PROXY: '.corp, localhost',
      AWS_PROFILE: 'mine',
      AWS_SESSION_TOKEN: 'theirs',
    });
    expect(env).toMatchObject({ NO_PROXY: '.corp,localhost,127.0.0.1', AWS_PROFILE: '', AWS_SESSION_TOKEN: '' });
  });
});

describe('formatEnvironment', () => {
  const awkward = { PLAIN: 'value', AWKWARD: `it's $HOME "x" \\ ; & a=b` };

  test('writes what a POSIX shell reads back unchanged', () => {
    const script = `${formatEnvironment(awkward, 'posix')}printf '%s\\n%s' "$PLAIN" "$AWKWARD"`;
    const output = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
    expect(output).toBe(`value\n${awkward.AWKWARD}`);
  });

  test('writes single-quoted assignments for PowerShell, with quotes doubled', () => {
    expect(formatEnvironment({ A: "it's $x" }, 'powershell')).toBe("$env:A = 'it''s $x'\n");
  });

  test('writes one JSON object', () => {
    expect(JSON.parse(formatEnvironment(awkward, 'json'))).toEqual(awkward);
  });
});
