import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decodePayload, loadDataConverter } from '../../../src/payload-codec.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-codec-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function module(text: string): string {
  const path = join(folder, 'codec.mjs');
  writeFileSync(path, text);
  return path;
}

/** A codec that turns the bytes of each payload round. */
const turning = `{
  encode: async (payloads) => payloads.map((each) => ({ ...each, data: each.data.toReversed() })),
  decode: async (payloads) => payloads.map((each) => ({ ...each, data: each.data.toReversed() })),
}`;

test('without a codec nothing is set', async () => {
  expect(await loadDataConverter(undefined)).toEqual({});
});

test.each([
  ['payloadCodec', `export const payloadCodec = ${turning};`],
  ['default', `export default ${turning};`],
])(
  'the codec that a module exports as %s encodes what the client sends and decodes what it is given raw',
  async (_name, text) => {
    const codec = await loadDataConverter(module(text));
    const client = new Client({ connection: Connection.lazy(), ...codec });
    const payload = defaultPayloadConverter.toPayload({ units: 3 });
    const [encoded] = (await codec.dataConverter?.payloadCodecs?.[0]?.encode([payload])) ?? [];
    expect(encoded?.data).not.toEqual(payload.data);
    expect(await decodePayload(client, encoded)).toEqual({ units: 3 });
    await client.connection.close();
  },
);

test.each([
  ['is relative', () => 'codec.mjs', 'it must be an absolute path'],
  ['is not there', () => join(folder, 'none.mjs'), 'cannot be loaded'],
  ['exports none', () => module('export const codec = {};'), 'exports no PayloadCodec'],
  ['exports half of one', () => module('export const payloadCodec = { encode() {} };'), 'exports no PayloadCodec'],
])('a module that %s is named with its variable', async (_case, path, reason) => {
  await expect(loadDataConverter(path())).rejects.toThrow(new RegExp(`^LONGHAUL_PAYLOAD_CODEC names .*${reason}`));
});

test('the example of SECURITY.md encrypts a payload, and gives back one that it did not make as it is', async () => {
  const document = readFileSync(join(import.meta.dirname, '../../../SECURITY.md'), 'utf8');
  const example = /```js\n([^]*?)```/.exec(document)?.[1] ?? '';
  writeFileSync(join(folder, 'codec.key'), randomBytes(32));
  const path = module(example.replaceAll('/etc/longhaul/codec.key', join(folder, 'codec.key')));
  const codec = await loadDataConverter(path);
  const client = new Client({ connection: Connection.lazy(), ...codec });
  const plain = defaultPayloadConverter.toPayload({ key: 'logs/2019' });
  const [encoded] = (await codec.dataConverter?.payloadCodecs?.[0]?.encode([plain])) ?? [];
  expect(Buffer.from(encoded?.data ?? []).toString('latin1')).not.toContain('2019');
  expect(await decodePayload(client, encoded)).toEqual({ key: 'logs/2019' });
  expect(await decodePayload(client, plain)).toEqual({ key: 'logs/2019' });
  // What an activity returns that returns nothing: a payload without data.
  const nothing = { metadata: defaultPayloadConverter.toPayload(undefined).metadata ?? null };
  const [sealed] = (await codec.dataConverter?.payloadCodecs?.[0]?.encode([nothing])) ?? [];
  expect(await decodePayload(client, sealed)).toBeUndefined();
  await client.connection.close();
});
