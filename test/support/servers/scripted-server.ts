import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it arrived, with its whole body. */
export interface ScriptedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/**
 * Answers one request; `index` counts from 0. A response that it does not end stays open until the server is closed.
 */
export type Script = (request: ScriptedRequest, response: ServerResponse, index: number) => void;

/** A server on loopback that answers as a test tells it. */
export interface ScriptedServer {
  readonly url: string;
  readonly requests: readonly ScriptedRequest[];
  script: Script;
  close(): Promise<void>;
}

/** Starts a scripted server. `script` may be replaced while it runs. */
export async function startScriptedServer(script: Script = notScripted): Promise<ScriptedServer> {
  const requests: ScriptedRequest[] = [];
  const server = createServer((incoming, response) => {
    const pieces: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, url, headers, body: Buffer.concat(pieces) };
      requests.push(request);
      scripted.script(request, response, requests.length - 1);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const scripted: ScriptedServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    script,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return scripted;
}

/** Writes the bytes, then resets the connection, as a crashed process or a firewall would. */
export function resetAfterWrite(response: ServerResponse, bytes: Buffer): void {
  response.write(bytes, () => {
    setImmediate(() => response.socket?.resetAndDestroy());
  });
}

function notScripted(_request: ScriptedRequest, response: ServerResponse): void {
  response.writeHead(500).end('not scripted');
}

/** Sends a body of this many mebibytes of one letter, as fast as it is read; ends early if the other side hangs up. */
export function pour(response: ServerResponse, mebibytes: number): void {
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  let left = mebibytes;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= 1;
      if (!response.write(chunk)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}
