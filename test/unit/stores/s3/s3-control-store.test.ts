import { describe, expect, it } from 'vitest';
import { crc32Base64 } from '../../../support/fakes/memory-object-target.js';
import { resetAfterWrite } from '../../../support/servers/scripted-server.js';
import { failureOf } from '../failure-of.js';
import { refuse } from './refuse.js';
import { useScriptedControl } from './use-scripted-control.js';

const running = new AbortController().signal;
const body = Buffer.from('content');

describe.each(['lean', 'sdk'] as const)('the control store, over the HTTP client %s', (http) => {
  const own = useScriptedControl(http);

  it('makes one request a call, whatever the answer', async () => {
    const calls: [string, () => Promise<unknown>][] = [
      ['read', () => own.control.read('k', 1_000, running)],
      ['overwrite', () => own.control.overwrite('k', body, running)],
      ['list', () => own.control.listPage('p/', undefined, running)],
      ['delete', () => own.control.delete('k', running)],
    ];
    const before = own.server.requests.length;
    for (const [status, code, failureClass] of [
      [503, 'SlowDown', 'TargetThrottled'],
      [403, 'AccessDenied', 'TargetForbidden'],
    ] as const) {
      own.server.script = (_request, response) => refuse(response, status, code);
      for (const [name, call] of calls)
        expect([name, (await failureOf(call())).failureClass]).toEqual([name, failureClass]);
    }
    expect(own.server.requests.length - before).toBe(8);
  });

  it('is named, and not the target, in what fails', async () => {
    const condition = 'absent' as const;
    own.server.script = (_request, response) => refuse(response, 403, 'AccessDenied');
    for (const call of [
      () => own.control.read('k', 1_000, running),
      () => own.control.write('k', body, condition, running),
      () => own.control.listPage('p/', undefined, running),
    ])
      expect(await failureOf(call())).toMatchObject({ failureClass: 'TargetForbidden', what: 'control archive' });
    own.server.script = (_request, response) => refuse(response, 500, 'InternalError');
    const lost = await own.control.write('k', body, condition, running);
    expect(lost).toMatchObject({ state: 'unknown', cause: { what: 'control archive' } });
    own.server.script = (_request, response) => void response.writeHead(200, { 'content-length': '0' }).end();
    expect(await failureOf(own.control.listPage('p/', undefined, running))).toMatchObject({ what: 'control archive' });
  });

  it('receives no more of an object than the caller allows, whatever length is announced', async () => {
    const sent = 64 * 1024 * 1024;
    for (const announced of [true, false]) {
      let written = 0;
      own.server.script = (_request, response) => {
        response.writeHead(200, { etag: '"e"', ...(announced && { 'content-length': String(sent) }) });
        const piece = Buffer.alloc(64 * 1024);
        const more = (): void => {
          while (written < sent && !response.destroyed) {
            written += piece.length;
            if (!response.write(piece)) return void response.once('drain', more);
          }
          response.end();
        };
        more();
      };
      expect((await failureOf(own.control.read('k', 1_000, running))).failureClass).toBe('LedgerMismatch');
      expect(written).toBeLessThan(sent / 2);
    }
  });

  it('never makes a conditional write twice', async () => {
    const before = own.server.requests.length;
    own.server.script = (_request, response) => refuse(response, 500, 'InternalError');
    expect((await own.control.write('k', body, 'absent', running)).state).toBe('unknown');
    own.server.script = (_request, response) => response.socket?.destroy();
    expect((await own.control.write('k', body, { etag: '"e"' }, running)).state).toBe('unknown');
    expect(own.server.requests.length - before).toBe(2);
  });

  it.each([
    [412, 'PreconditionFailed'],
    [409, 'ConditionalRequestConflict'],
    [404, 'NoSuchKey'],
  ])('calls a conditional write answered with %i %s refused', async (status, code) => {
    own.server.script = (_request, response) => refuse(response, status, code);
    expect(await own.control.write('k', body, { etag: '"e"' }, running)).toEqual({ state: 'refused' });
  });

  it('sends both sums, and neither tags nor a storage class', async () => {
    own.server.script = (_request, response) => void response.writeHead(200, { etag: '"e"' }).end();
    await own.control.write('k', body, 'absent', running);
    const { headers } = own.server.requests.at(-1)!;
    expect(headers['content-md5']).toBeDefined();
    expect(headers['x-amz-checksum-crc32']).toBe(crc32Base64(body));
    expect(headers['x-amz-storage-class'] ?? headers['x-amz-tagging']).toBeUndefined();
  });

  it('accepts neither the page of a proxy nor half an object as content', async () => {
    own.server.script = (_request, response) => void response.writeHead(200).end('<html>Sign in</html>');
    expect((await failureOf(own.control.read('k', 1_000, running))).failureClass).toBe('TargetNetwork');
    expect((await failureOf(own.control.listPage('p/', undefined, running))).failureClass).toBe('TargetNetwork');
    own.server.script = (_request, response) => {
      response.writeHead(200, { etag: '"e"', 'content-length': '100' });
      resetAfterWrite(response, Buffer.alloc(10));
    };
    expect((await failureOf(own.control.read('k', 1_000, running))).failureClass).toBe('TargetNetwork');
  });

  it('believes only the 404 of a store about an absent object', async () => {
    own.server.script = (_request, response) => refuse(response, 404, 'NoSuchKey');
    expect(await own.control.read('k', 1_000, running)).toBeUndefined();
    own.server.script = (_request, response) => void response.writeHead(404).end('<html>Not here</html>');
    expect((await failureOf(own.control.read('k', 1_000, running))).failureClass).toBe('TargetMissing');
  });

  it('refuses a listing that holds foreign keys, or returns the same page again', async () => {
    const pages = [
      '<KeyCount>1</KeyCount><Contents><Key>other/k</Key></Contents>',
      '<KeyCount>0</KeyCount><IsTruncated>true</IsTruncated><NextContinuationToken>t1</NextContinuationToken>',
    ];
    for (const page of pages) {
      own.server.script = (_request, response) =>
        void response.writeHead(200).end(`<ListBucketResult>${page}</ListBucketResult>`);
      expect((await failureOf(own.control.listPage('p/', 't1', running))).failureClass).toBe('TargetNetwork');
    }
  });
});
