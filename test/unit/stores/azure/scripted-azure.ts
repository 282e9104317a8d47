import type { ServerResponse } from 'node:http';
import type { SourceBlob } from '../../../../src/domain/manifest.js';
import { Secret } from '../../../../src/domain/text/secret.js';
import {
  type AzureSource,
  type AzureSourceOptions,
  createAzureSource,
} from '../../../../src/stores/azure/azure-source.js';
import type { HttpClient } from '../../../../src/stores/http/http-pools.js';
import { type ScriptedServer, startScriptedServer } from '../../../support/servers/scripted-server.js';
import { drain } from '../failure-of.js';

export const running = new AbortController().signal;
export const body = Buffer.alloc(300_000, 'b');
export const blob: SourceBlob = {
  account: 'east',
  container: 'events',
  name: 'a/b.bz2',
  etag: '"0x1"',
  bytes: body.length,
  md5: null,
};

/** An account of Azure on a scripted server, with an account key that a test may replace. */
export class ScriptedAzure {
  readonly server: ScriptedServer;
  readonly source: AzureSource;
  credential: string | undefined = Buffer.alloc(64, 's').toString('base64');

  private constructor(
    server: ScriptedServer,
    private readonly http: HttpClient,
  ) {
    this.server = server;
    this.source = this.open({ timeoutMs: 20_000, idleTimeoutMs: 20_000 });
  }

  static async start(http: HttpClient): Promise<ScriptedAzure> {
    return new ScriptedAzure(await startScriptedServer(), http);
  }

  /** Opens the account with other limits; the test closes it. */
  open(options: Partial<AzureSourceOptions>, endpoint = `${this.server.url}/prodeast`): AzureSource {
    return createAzureSource({
      accounts: { east: { endpoint, credential: 'azure-east' } },
      credentials: async () => (this.credential === undefined ? undefined : new Secret(this.credential)),
      allowInsecureEndpoints: true,
      http: this.http,
      ...options,
    });
  }

  read(): Promise<Buffer> {
    return drain(this.source.open(blob, running));
  }

  async list(container: string): Promise<string[]> {
    const { blobs } = await this.source.listPage({ account: 'east', container, prefix: '' }, {}, running);
    return blobs.map(({ name }) => name);
  }

  answerWhole(): void {
    this.server.script = (_request, response) => {
      head(response);
      response.end(body);
    };
  }

  async close(): Promise<void> {
    this.source.close();
    await this.server.close();
  }
}

/** Begins an answer with the whole blob. */
export function head(response: ServerResponse, headers: Record<string, string> = {}): void {
  response.writeHead(200, {
    etag: '"0x1"',
    'content-length': String(body.length),
    'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT',
    ...headers,
  });
}

/** Begins an answer with the rest of the blob. */
export function partial(response: ServerResponse, from: number, headers: Record<string, string> = {}): void {
  response.writeHead(206, {
    etag: '"0x1"',
    'content-length': String(body.length - from),
    'content-range': `bytes ${from}-${body.length - 1}/${body.length}`,
    'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT',
    ...headers,
  });
}

/** Answers as Azure refuses; without a code as a proxy might. */
export function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { ...(code === '' ? {} : { 'x-ms-error-code': code }), ...headers });
  response.end(code === '' ? '' : `<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`);
}
