import { afterAll, beforeAll } from 'vitest';
import { Secret } from '../../../../src/domain/text/secret.js';
import { createS3ControlStore, type S3ControlStore } from '../../../../src/stores/s3/s3-control-store.js';
import type { HttpClient } from '../../../../src/stores/http/http-pools.js';
import { type ScriptedServer, startScriptedServer } from '../../../support/servers/scripted-server.js';

/** A control store over the bucket `archive`, and the server that answers it by a script. */
export interface ScriptedControl {
  readonly server: ScriptedServer;
  readonly control: S3ControlStore;
}

/** Starts both before the tests of a file and ends them after. The result may be used within tests. */
export function useScriptedControl(http?: HttpClient): ScriptedControl {
  let started: ScriptedControl | undefined;
  beforeAll(async () => {
    const server = await startScriptedServer();
    const control = createS3ControlStore({
      connection: { endpoint: server.url, forcePathStyle: true },
      bucket: 'archive',
      keys: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: new Secret('secret') },
      allowInsecureEndpoints: true,
      http,
    });
    started = { server, control };
  });
  afterAll(async () => {
    started?.control.close();
    await started?.server.close();
  });
  const ready = (): ScriptedControl => {
    if (started === undefined) throw new Error('the server has not been started');
    return started;
  };
  return {
    get server() {
      return ready().server;
    },
    get control() {
      return ready().control;
    },
  };
}
