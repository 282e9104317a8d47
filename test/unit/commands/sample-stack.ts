import type { StackDescription } from '../../../src/local/state/stack-description.js';

/** The one value of all secrets of {@link sampleStack}. */
export const stackSecret = 'c2VjcmV0';
const part = { pid: 42, port: 7233, address: '127.0.0.1:7233', startedAt: '2026-01-02T03:04:05.000Z' };
/** A stack that is running. */
export const sampleStack: StackDescription = {
  stateDir: '/state',
  portBase: null,
  temporal: { address: '127.0.0.1:7233', namespace: 'default', webUi: 'http://127.0.0.1:8233' },
  taskQueue: 'longhaul',
  stores: {
    azure: ['prodeast', 'prodwest', 'prodlate'].map((name) => ({
      ...{ name, key: stackSecret, endpoint: `http://127.0.0.1:10000/${name}` },
      connectionString: `K=${stackSecret}`,
    })),
    s3: { endpoint: 'http://127.0.0.1:8333', region: 'us-east-1', accessKeyId: 'ID', secretAccessKey: stackSecret },
  },
  parts: [
    { ...part, name: 'temporal', title: 'Temporal', alive: true },
    { ...part, name: 'workers', title: 'the workers', address: null, port: null, alive: true },
  ],
};
