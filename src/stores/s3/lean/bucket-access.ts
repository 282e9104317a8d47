import { createHash } from 'node:crypto';
import type { Pool } from 'undici';
import type { S3Client } from '../../sdk/aws-s3.js';
import { exchange, type HttpAnswer, type HttpLimits } from '../../http/exchange.js';
import { withTimeout } from '../../request/idle-scope.js';
import { describeS3Error } from '../answers/s3-error.js';
import type { BucketAddress } from './bucket-address.js';
import { S3AnswerError } from './s3-answer-error.js';
import { SignV4 } from './sign-v4.js';

/** A write of an object or of a part. */
export interface ObjectWrite {
  readonly key: string;
  readonly body: Uint8Array;
  /** Names in order. */
  readonly query?: readonly (readonly [name: string, value: string])[];
  /** Names in lower case; undefined for headers that are not sent. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** Writes to one bucket with one client's credentials, without the SDK. */
export interface BucketAccess {
  /** Rejects with {@link S3AnswerError} if the store refuses. */
  readonly write: (write: ObjectWrite, limits: Pick<HttpLimits, 'signal' | 'timeoutMs'>) => Promise<HttpAnswer>;
}

// As much as the SDK's answers may have; a store says what is wrong in a few hundred bytes.
const answerBytesMax = 16 * 1024 * 1024;

/** Creates the access to a bucket. The client's providers are asked for credentials at each request, as by the SDK. */
export function createBucketAccess(client: S3Client, address: BucketAddress, pool: Pool): BucketAccess {
  const signer = new SignV4();
  return {
    async write({ key, body, query = [], headers }, { signal, timeoutMs }) {
      // A provider may make requests of its own.
      const credential = await withTimeout(() => client.config.credentials(), { signal, timeoutMs });
      const payloadSha256 = createHash('sha256').update(body).digest('hex');
      const nowMs = Date.now() + client.config.systemClockOffset;
      const time = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
      const path = `${address.path}${key.split('/').map(escaped).join('/')}`;
      const asked = query.map(([name, value]) => [name, escaped(value)] as const);
      const signed: Record<string, string | undefined> = {
        ...headers,
        'content-length': String(body.length),
        host: address.host,
        'x-amz-content-sha256': payloadSha256,
        'x-amz-date': time,
        'x-amz-security-token': credential.sessionToken,
      };
      const sorted = Object.entries(signed)
        .filter((header): header is [string, string] => header[1] !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1));
      const { region } = address;
      const request = { method: 'PUT', path, query: asked, headers: sorted, payloadSha256, region, time } as const;
      const authorization = signer.authorization(credential, request);
      const search = asked.map(([name, value]) => `${name}=${value}`).join('&');
      const sent = sorted.filter(([name]) => name !== 'content-length').flat();
      const answer = await exchange(
        pool,
        {
          method: 'PUT',
          path: search === '' ? path : `${path}?${search}`,
          headers: [...sent, 'authorization', authorization],
          body,
        },
        { signal, timeoutMs, bytesMax: answerBytesMax },
      );
      if (answer.broken !== undefined) throw answer.broken.reason;
      if (answer.status >= 200 && answer.status < 300) return answer;
      const refusal = new S3AnswerError(answer);
      correctClock(client, refusal, nowMs);
      throw refusal;
    },
  };
}

/** Adopts the time of a store that refused a request for its date, as the SDK does: the next one is signed with it. */
function correctClock({ config }: S3Client, refusal: S3AnswerError, nowMs: number): void {
  const { code = '' } = describeS3Error(refusal);
  if (!['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture'].includes(code)) return;
  const serverMs = Date.parse(refusal.$response.headers['date'] ?? '');
  if (!Number.isNaN(serverMs)) config.systemClockOffset += serverMs - nowMs;
}

/** Escapes all but letters, digits and `-._~`, as a signature needs it. */
function escaped(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
