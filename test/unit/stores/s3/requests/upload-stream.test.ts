import { describe, expect, it } from 'vitest';
import { overwriteStream } from '../../../../../src/control/stored-object.js';
import type { Script } from '../../../../support/servers/scripted-server.js';
import { failureOf } from '../../failure-of.js';
import { refuse } from '../refuse.js';
import { useScriptedControl } from '../use-scripted-control.js';

const running = new AbortController().signal;
const again = <Result>(request: () => Promise<Result>): Promise<Result> => request();

const own = useScriptedControl();

/** Answers like a store, except the requests that `refuses` takes. */
function store(refuses: Script = () => undefined): Script {
  return (request, response, index) => {
    refuses(request, response, index);
    if (response.headersSent) return;
    if (request.url.includes('?uploads')) {
      response
        .writeHead(200)
        .end('<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>');
    } else if (request.method === 'POST') {
      response.writeHead(200).end('<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>');
    } else {
      response.writeHead(request.method === 'DELETE' ? 204 : 200, { etag: '"e"' }).end();
    }
  };
}

/** What was asked for since the requests so far: `PUT 2` is the second part. */
function asked(since: number): readonly string[] {
  return own.server.requests
    .slice(since)
    .map(({ method, url }) => `${method} ${/partNumber=(\d+)/.exec(url)?.[1] ?? ''}`.trim());
}

async function* mebibytes(count: number, pull?: (at: number) => void): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < count; at += 1) {
    pull?.(at);
    yield Buffer.alloc(1024 * 1024, at);
  }
}

describe('the upload of a stream', () => {
  it('sends a checksum with every part, and the parts in the order of their numbers', async () => {
    own.server.script = store();
    const before = own.server.requests.length;
    await own.control.overwriteStream({ key: 'k', pieces: mebibytes(20), again }, running);
    expect(asked(before).toSorted()).toEqual(['POST', 'POST', 'PUT 1', 'PUT 2', 'PUT 3']);
    const parts = own.server.requests.slice(before).filter(({ method }) => method === 'PUT');
    expect(parts.map(({ headers }) => typeof headers['x-amz-checksum-crc32'])).toEqual(['string', 'string', 'string']);
    const complete = own.server.requests.at(-1)!.body.toString();
    expect([...complete.matchAll(/<PartNumber>(\d)/g)].map(([, number]) => number)).toEqual(['1', '2', '3']);
  });

  it('sends a part again whose failure may pass', async () => {
    let failures = 0;
    own.server.script = store(({ url }, response) => {
      if (url.includes('partNumber=2') && (failures += 1) <= 1)
        refuse(response, 503, 'SlowDown', { 'retry-after': '0' });
    });
    const before = own.server.requests.length;
    await overwriteStream(own.control, { key: 'k', pieces: mebibytes(20) }, running);
    expect(asked(before).filter((request) => request === 'PUT 2')).toHaveLength(2);
  });

  it('reads no further when a part fails for good, removes what it sent, and says why', async () => {
    own.server.script = store(({ method, url }, response) => {
      if (url.includes('partNumber=1')) refuse(response, 403, 'AccessDenied');
      if (method === 'DELETE') refuse(response, 500, 'InternalError');
    });
    const before = own.server.requests.length;
    let pulled = 0;
    const pieces = mebibytes(1_000, (at) => (pulled = at));
    const failure = await failureOf(own.control.overwriteStream({ key: 'k', pieces, again }, running));
    expect(failure).toMatchObject({
      failureClass: 'TargetForbidden',
      message: expect.stringContaining('write k in bucket'),
    });
    expect(pulled).toBeLessThan(100);
    expect(asked(before).at(-1)).toBe('DELETE');
  });

  it('removes what it sent when it is stopped, too', async () => {
    const stop = new AbortController();
    const reason = new Error('the worker shuts down');
    own.server.script = store(({ url }) => {
      if (url.includes('partNumber=2')) stop.abort(reason);
    });
    const before = own.server.requests.length;
    const pieces = mebibytes(1_000);
    await expect(own.control.overwriteStream({ key: 'k', pieces, again }, stop.signal)).rejects.toBe(reason);
    expect(asked(before).at(-1)).toBe('DELETE');
  });

  it('does not accept a put without an ETag as proof', async () => {
    own.server.script = (_request, response) => void response.writeHead(200).end();
    const failure = await failureOf(own.control.overwriteStream({ key: 'k', pieces: mebibytes(1), again }, running));
    expect(failure.failureClass).toBe('TargetNetwork');
  });
});
