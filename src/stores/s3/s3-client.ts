import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { fromIni, fromNodeProviderChain, fromTemporaryCredentials, S3Client } from '../sdk/aws-s3.js';
import type { S3Connection } from '../../domain/definition.js';
import { Secret } from '../../domain/text/secret.js';
import { checkEndpoint, endpointText } from '../endpoint/check-endpoint.js';
import { createGuardedAgents } from '../endpoint/guarded-agent.js';
import { withTimeout } from '../request/idle-scope.js';
import { createHttpPools, type HttpClient } from '../http/http-pools.js';
import { boundAnswers } from './answers/bounded-answers.js';
import { type BucketAccess, createBucketAccess } from './lean/bucket-access.js';
import { bucketAddress } from './lean/bucket-address.js';
import { describeS3Error } from './answers/s3-error.js';
import { s3Verdict } from './answers/s3-verdict.js';

/** A fixed pair of keys, such as the local stack has; everything else uses AWS's standard chain of credentials. */
export interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
}

/** Takes note of a secret. */
export type NoteSecret = (secret: Secret) => void;

/** Where an {@link S3Session} connects to. `owner` is its name in messages, such as `target archive`. */
export interface S3SessionOptions {
  readonly connection: S3Connection;
  readonly allowInsecureEndpoints: boolean;
  readonly owner: string;
  readonly keys?: S3Keys;
  /** Connections to the store; default 64: parts and puts are large, and this many keep any network busy. */
  readonly socketsMax?: number;
  /** Which client writes objects; default: our own. */
  readonly http?: HttpClient | undefined;
  /** Called with every secret that the SDK finds, so that it can be kept out of texts. */
  readonly noteSecret?: NoteSecret | undefined;
}

// It reaches the providers that read files, so that a new client reads a rotated file again.
const readAgain = { ignoreCache: true } as const;
// Buckets outside AWS have no region, but a signature needs one: AWS's own default.
const regionDefault = 'us-east-1';
const connectionTimeoutMs = 10_000;
// Without a byte in either direction. Completing an upload takes minutes, in which S3 sends spaces.
const socketIdleMs = 60_000;
// A last resort: every request has a shorter limit of its own.
const requestTimeoutMs = 15 * 60_000;

/** A connection to a store, which looks for credentials again after the store has refused them. */
export class S3Session {
  readonly #options: S3SessionOptions;
  readonly #agents;
  readonly #handler;
  readonly #pools;
  /** By bucket; a session has one or two. */
  readonly #accesses = new WeakMap<S3Client, Map<string, Promise<BucketAccess | undefined>>>();
  #client: S3Client;
  #renewing: Promise<boolean> | undefined;

  /** Throws `ConfigError/Endpoint` or `ConfigError/Credential`. Makes no request. */
  constructor(options: S3SessionOptions) {
    this.#options = options;
    const { socketsMax = 64, allowInsecureEndpoints: allowInsecure, http } = options;
    this.#agents = createGuardedAgents({ socketsMax, allowInsecure });
    this.#pools = createHttpPools({ socketsMax, allowInsecure, http });
    this.#handler = {
      httpAgent: this.#agents.reaching(new URL('http://plain')),
      httpsAgent: this.#agents.reaching(secureEndpoint(options.connection)),
      connectionTimeout: connectionTimeoutMs,
      socketTimeout: socketIdleMs,
      requestTimeout: requestTimeoutMs,
      // Otherwise the timeout only writes a warning.
      throwOnRequestTimeout: true,
    };
    this.#client = this.#connect();
  }

  /**
   * Makes one request, all of it within `timeoutMs`. A request that the store refused for its credential or its date
   * had no effect: it is made once more if the credentials have changed or the SDK has corrected its clock. Credentials
   * are looked for again after any 401 or 403, since the answer to a HEAD names no reason.
   */
  async send<T>(
    call: (client: S3Client, signal: AbortSignal) => Promise<T>,
    options: { readonly signal: AbortSignal; readonly timeoutMs: number },
  ): Promise<T> {
    return withTimeout((signal) => this.request((client) => call(client, signal)), options);
  }

  /**
   * Writes to a bucket as {@link send} does, by `lean` where requests need not go through the SDK, else by `sdk`.
   */
  async write<T>(
    bucket: string,
    lean: (access: BucketAccess) => Promise<T>,
    sdk: (client: S3Client, signal: AbortSignal) => Promise<T>,
    options: { readonly signal: AbortSignal; readonly timeoutMs: number },
  ): Promise<T> {
    return this.request(async (client) => {
      const access = await this.#access(client, bucket);
      return access === undefined ? withTimeout((signal) => sdk(client, signal), options) : lean(access);
    });
  }

  /** Like {@link send} without a timeout, for a body that is read later. */
  async request<T>(call: (client: S3Client) => Promise<T>): Promise<T> {
    const client = this.#client;
    try {
      return await call(client);
    } catch (error) {
      const seen = describeS3Error(error);
      const { failureClass } = s3Verdict(error, seen);
      if (failureClass === 'ClockSkew') return await call(client);
      // The answer to a HEAD is a bare 400 if the credential has expired.
      const mayBeCredential =
        failureClass === 'TargetAuth' ||
        [401, 403].includes(seen.status ?? 0) ||
        (seen.status === 400 && seen.code === undefined);
      if (!mayBeCredential || !(await this.#renew(client))) throw error;
      return await call(this.#client);
    }
  }

  close(): void {
    this.#client.destroy();
    this.#agents.close();
    this.#pools.close();
  }

  #access(client: S3Client, bucket: string): Promise<BucketAccess | undefined> {
    const known = this.#accesses.get(client) ?? new Map<string, Promise<BucketAccess | undefined>>();
    this.#accesses.set(client, known);
    const opening = known.get(bucket) ?? this.#openAccess(client, bucket);
    known.set(bucket, opening);
    // Wrong settings are reported by the request that finds them, and the next one looks again.
    opening.catch(() => known.delete(bucket));
    return opening;
  }

  async #openAccess(client: S3Client, bucket: string): Promise<BucketAccess | undefined> {
    if (this.#options.http === 'sdk') return undefined;
    const address = await bucketAddress(client, bucket);
    const pool = address && (await this.#pools.reaching(address.endpoint));
    return pool && createBucketAccess(client, address, pool);
  }

  /**
   * Replaces the client if the credentials found now are not those it has. Requests that are refused meanwhile wait for
   * the same look: each may cost a request for a session.
   */
  async #renew(refused: S3Client): Promise<boolean> {
    if (this.#client !== refused) return true;
    this.#renewing ??= this.#lookAgain(refused).finally(() => (this.#renewing = undefined));
    return await this.#renewing;
  }

  async #lookAgain(refused: S3Client): Promise<boolean> {
    const next = this.#connect();
    const [before, now] = await Promise.all([fingerprint(refused), fingerprint(next)]);
    if (now === undefined || before === now) return false;
    this.#client = next;
    return true;
  }

  #connect(): S3Client {
    const { connection, owner, keys, allowInsecureEndpoints, noteSecret } = this.#options;
    const { endpoint, region, forcePathStyle, profile } = connection;
    const config: S3ClientConfig & typeof readAgain = {
      ...readAgain,
      // One request per call: callers who want retries wrap the port.
      maxAttempts: 1,
      requestHandler: this.#handler,
      // Longhaul sends CRC-32 sums made by zlib; the SDK's own are slow, and break stores that do not know them.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      followRegionRedirects: false,
      // Saves nothing on a reused connection, and waits a second for stores that do not answer it.
      expectContinueHeader: false,
      ...(region === undefined ? (endpoint === undefined ? {} : { region: regionDefault }) : { region }),
      ...(endpoint === undefined
        ? {}
        : { endpoint: endpointText(checkEndpoint(endpoint, owner, allowInsecureEndpoints)) }),
      ...(forcePathStyle === undefined ? {} : { forcePathStyle }),
      ...(profile === undefined ? {} : { profile }),
      ...(keys === undefined ? {} : { credentials: revealed(keys) }),
      ...(connection.roleArn === undefined ? {} : { credentials: roleCredentials(connection, this.#handler) }),
    };
    const client = new S3Client(config);
    boundAnswers(client);
    if (noteSecret !== undefined) client.config.credentials = noting(client.config.credentials, noteSecret);
    return client;
  }
}

/**
 * Returns the https endpoint that decides which proxy is used; for AWS that of the region, which `NO_PROXY` may name.
 */
function secureEndpoint({ endpoint, region = regionDefault }: S3Connection): URL {
  const url = endpoint !== undefined && URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  return url?.protocol === 'https:' ? url : new URL(`https://s3.${region}.amazonaws.com`);
}

function revealed({ accessKeyId, secretAccessKey }: S3Keys): NonNullable<S3ClientConfig['credentials']> {
  return { accessKeyId, secretAccessKey: secretAccessKey.reveal() };
}

/** Returns a provider that reports the secrets that it finds, at each request: a session is renewed within the SDK. */
function noting(credentials: S3Client['config']['credentials'], note: NoteSecret): S3Client['config']['credentials'] {
  return async (...request) => {
    const found = await credentials(...request);
    note(new Secret(found.secretAccessKey));
    if (found.sessionToken !== undefined) note(new Secret(found.sessionToken));
    return found;
  };
}

/** Assumes the role with the credentials of the profile or the standard chain, and again before they expire. */
function roleCredentials(
  { roleArn, externalId, profile, region = regionDefault }: S3Connection,
  requestHandler: NonNullable<S3ClientConfig['requestHandler']>,
) {
  return fromTemporaryCredentials({
    params: {
      RoleArn: roleArn,
      RoleSessionName: 'longhaul',
      ...(externalId === undefined ? {} : { ExternalId: externalId }),
    },
    masterCredentials: profile === undefined ? fromNodeProviderChain(readAgain) : fromIni({ ...readAgain, profile }),
    clientConfig: { region, requestHandler },
  });
}

/**
 * Returns a text that distinguishes credentials; undefined if there are none, or if they cannot be obtained now, for
 * example because the credential that assumes a role is refused. Must not leave this file.
 */
async function fingerprint(client: S3Client): Promise<string | undefined> {
  try {
    const { accessKeyId, secretAccessKey, sessionToken = '' } = await client.config.credentials();
    return JSON.stringify([accessKeyId, secretAccessKey, sessionToken]);
  } catch {
    // The refusal that led here says more.
    return undefined;
  }
}
