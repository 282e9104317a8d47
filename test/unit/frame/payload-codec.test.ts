import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
