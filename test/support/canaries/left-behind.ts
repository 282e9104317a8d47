import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Client } from '@temporalio/client';
import { listKeys, readObject } from '../programs/target-objects.js';
import { canaryForms } from './canary-forms.js';

/** Something that a run has left: where, and its bytes. */
export interface LeftBehind {
  readonly where: string;
  readonly bytes: Buffer;
}

/** Returns which secrets are found, and where, as `name of the secret in place`. */
export function findCanaries(
  left: readonly LeftBehind[],
  secrets: Readonly<Record<string, string>>,
): readonly string[] {
  const forms = Object.entries(secrets).map(([name, secret]) => ({ name, forms: canaryForms(secret) }));
  return left.flatMap(({ where, bytes }) =>
    forms
      .filter((canary) => canary.forms.some((form) => bytes.includes(form)))
      .map(({ name }) => `${name} in ${where}`),
  );
}

/** Reads all files of a folder, except those whose path below it matches. */
export function filesOf(folder: string, except: RegExp = /$^/): readonly LeftBehind[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !except.test(path.slice(folder.length + 1)))
    .map((path) => ({ where: path, bytes: readFileSync(path) }));
}

/** Reads all objects of a bucket: key, metadata and body, unpacked where it is packed. */
export async function objectsOf(s3: S3Client, bucket: string): Promise<readonly LeftBehind[]> {
  const left: LeftBehind[] = [];
  for (const key of await listKeys(s3, bucket)) {
    const { bytes } = await readObject(s3, bucket, key);
    const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const told = Buffer.from(JSON.stringify([key, head]));
    left.push({
      where: `s3://${bucket}/${key}`,
      bytes: Buffer.concat([bytes, isPacked ? gunzipSync(bytes) : Buffer.alloc(0), told]),
    });
  }
  return left;
}

/** Reads all workflows of a namespace: histories, memos, heartbeats and last failures, with payloads as they are. */
export async function workflowsOf(client: Client): Promise<readonly LeftBehind[]> {
  const left: LeftBehind[] = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const texts: string[] = [];
    const note = (_name: string, value: unknown): unknown => {
      const isBytes = value instanceof Uint8Array;
      if (isBytes) texts.push(Buffer.from(value).toString('latin1'));
      return isBytes ? '' : typeof value === 'bigint' ? String(value) : value;
    };
    for (const part of [await handle.fetchHistory(), (await handle.describe()).raw])
      texts.push(JSON.stringify(withBytes(part), note));
    left.push({ where: `workflow ${workflowId} ${runId}`, bytes: Buffer.from(texts.join('\n'), 'latin1') });
  }
  return left;
}

/** A buffer turns itself into JSON before a replacer sees it. */
function withBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(withBytes);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value as Record<string, unknown>).filter(([, each]) => typeof each !== 'function');
  return Object.fromEntries(fields.map(([name, each]) => [name, withBytes(each)]));
}
