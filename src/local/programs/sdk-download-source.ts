import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { execa } from 'execa';
import { z } from 'zod';
import type { LocalPlatform } from './local-platform.js';
import type { FetchRequest, ProgramSource } from './program-source.js';

const systems: Readonly<Record<LocalPlatform, string>> = {
  'linux-x64': 'platform=linux&arch=amd64',
  'linux-arm64': 'platform=linux&arch=arm64',
  'darwin-arm64': 'platform=darwin&arch=arm64',
};

const downloadInfo = z.object({
  archiveUrl: z.url(),
  fileToExtract: z.string().regex(/^[\w.-]+(\/[\w.-]+)*$/),
});

/** Three times the size of today's archive; a server that sends more is cut off. */
const archiveBytesMax = 250_000_000;

/** The place from which Temporal's SDKs download the CLI. It names an archive, which holds the program. */
export function sdkDownloadSource(origin = 'https://temporal.download'): ProgramSource {
  return {
    title: new URL(origin).host,
    fetch: async (request) => {
      const { program, platform, folder, signal } = request;
      const url = `${origin}/cli/v${program.version}?${systems[platform]}&format=tar.gz`;
      const info = downloadInfo.parse(await (await get(url, signal)).json());
      if (new URL(info.archiveUrl).protocol !== new URL(origin).protocol)
        throw new Error('it names an archive on plain http');
      const archive = join(folder, 'archive.tar.gz');
      await download(info.archiveUrl, archive, request);
      await execa('tar', ['-xzf', archive, '-C', folder, info.fileToExtract], {
        env: request.baseEnv,
        extendEnv: false,
        cancelSignal: signal,
      });
      return join(folder, info.fileToExtract);
    },
  };
}

async function download(url: string, path: string, { seen, signal }: FetchRequest): Promise<void> {
  const { body } = await get(url, signal);
  if (body === null) throw new Error(`${url} has no content`);
  let bytes = 0;
  const counted = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      if (bytes > archiveBytesMax) throw new Error(`${url} sends more than ${archiveBytesMax / 1e6} MB`);
      seen(bytes);
      yield chunk;
    }
  };
  await pipeline(Readable.fromWeb(body as ReadableStream<Uint8Array>), counted, createWriteStream(path), { signal });
}

async function get(url: string, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    // fetch says only "fetch failed"; its cause says why.
    throw error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
  }
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}
