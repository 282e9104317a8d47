/**
 * The servers of the bake-off, in a process of their own: the source, and a proxy that adds latency in front of it and
 * of the S3 server. Its parent gives it all options as one JSON argument, and asks over IPC for the addresses and for
 * what has been served.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { latencyProxy } from './latency-proxy.mjs';
import { leanAzure } from './lean-azure.mjs';

const { blobsPath, contentsPath, s3Port, latencyMs } = JSON.parse(process.argv[2] ?? '');
const { server, served } = leanAzure(readFileSync(blobsPath, 'utf8'), records(readFileSync(contentsPath)));
let written = 0;
const sourcePort = await listen(server);
const azure = await listen(latencyProxy({ host: '127.0.0.1', port: sourcePort, latencyMs }));
const sent = (/** @type {number} */ bytes) => void (written += bytes);
const s3 = await listen(latencyProxy({ host: '127.0.0.1', port: s3Port, latencyMs, sent }));

process.on('message', () => process.send?.({ azure, s3, served: { ...served, written } }));
process.on('disconnect', () => process.exit());
process.send?.({ azure, s3 });

/** @param {import('node:net').Server} listener */
async function listen(listener) {
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return /** @type {import('node:net').AddressInfo} */ (listener.address()).port;
}

/** @param {Buffer} bytes */
function records(bytes) {
  const contents = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 4 + bytes.readUInt32LE(at);
    contents.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return contents;
}
