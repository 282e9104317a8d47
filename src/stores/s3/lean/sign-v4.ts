import { createHash, createHmac } from 'node:crypto';

/** Who signs. */
export interface SigningCredential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** What is signed. */
export interface RequestToSign {
  readonly method: string;
  /** Escaped. */
  readonly path: string;
  /** By their names, in order, and escaped. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** By their names, which are in lower case and in order; with `host`, `x-amz-date` and `x-amz-content-sha256`. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly payloadSha256: string;
  readonly region: string;
  /** Such as `20260131T235959Z`. */
  readonly time: string;
}

/** Signs requests to S3 with Signature Version 4. Keeps the key of a day, which takes four digests to make. */
export class SignV4 {
  #key: { readonly of: string; readonly secret: string; readonly bytes: Buffer } | undefined;

  /** Returns the header `authorization`. */
  authorization(
    { accessKeyId, secretAccessKey }: SigningCredential,
    { method, path, query, headers, payloadSha256, region, time }: RequestToSign,
  ): string {
    const names = headers.map(([name]) => name).join(';');
    const asked = query.map(([name, value]) => `${name}=${value}`).join('&');
    const lines = headers.map(([name, value]) => `${name}:${value.trim().replaceAll(/\s+/g, ' ')}\n`).join('');
    const canonical = `${method}\n${path}\n${asked}\n${lines}\n${names}\n${payloadSha256}`;
    const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
    const digest = createHash('sha256').update(canonical).digest('hex');
    const key = this.#keyOf(scope, secretAccessKey);
    const signature = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${digest}`).toString('hex');
    return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  }

  #keyOf(scope: string, secret: string): Buffer {
    if (this.#key?.of === scope && this.#key.secret === secret) return this.#key.bytes;
    const bytes = scope.split('/').reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`));
    this.#key = { of: scope, secret, bytes };
    return bytes;
  }
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
