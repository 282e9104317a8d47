import type { BlobServiceClient } from '@azure/storage-blob';
import type { AccountDefinition } from '../../domain/definition.js';
import { Failure } from '../../domain/failure.js';
import { Secret } from '../../domain/text/secret.js';
import type { CredentialFacts } from '../../probes/source/credential-facts.js';
import { checkEndpoint } from '../endpoint/check-endpoint.js';
import type { GuardedAgents } from '../endpoint/guarded-agent.js';
import type { HttpPools } from '../http/http-pools.js';
import { textField } from '../request/error-fields.js';
import { fileProblem, localFault } from '../request/local-faults.js';
import { describeAzureError } from './azure-error.js';
import { azureFailureClass } from './azure-failure-class.js';
import { createAzureService, requireSecureIdentity } from './azure-service.js';
import { credentialFacts } from './credentials/credential-facts.js';
import { type AzureAccess, createAzureAccess } from './lean/azure-access.js';
import { type AzureCredential, parseAzureCredential } from './credentials/parse-azure-credential.js';
import { requireTrustedHost, type TokenTrust } from './credentials/trusted-hosts.js';

/** What an {@link AzureAccount} is made of. */
export interface AzureAccountOptions extends TokenTrust {
  readonly name: string;
  readonly account: AccountDefinition;
  /**
   * Returns a credential by its name, read again at each call; undefined if nothing is set. Rejects if its file cannot
   * be read.
   */
  readonly credentials: (name: string) => Promise<Secret | undefined>;
  readonly agents: GuardedAgents;
  readonly pools: HttpPools;
}

interface Opened {
  readonly value: Secret;
  readonly kind: AzureCredential['kind'];
  /** The SDK's client, which is made when it is first needed. */
  readonly service: () => Promise<BlobServiceClient>;
  /** Absent where the SDK makes all requests. */
  readonly access: AzureAccess | undefined;
}

/**
 * One source account and its credential, which is read when it is first needed and again when the account refuses it.
 */
export class AzureAccount {
  readonly endpoint: URL;
  readonly #options: AzureAccountOptions;
  #opened: Promise<Opened> | undefined;

  /** Throws `ConfigError/Endpoint` if the endpoint is refused. */
  constructor(options: AzureAccountOptions) {
    this.#options = options;
    this.endpoint = checkEndpoint(options.account.endpoint, `account ${options.name}`, options.allowInsecure);
  }

  /**
   * Makes a request. After a 401 or 403, and where no token could be fetched, it reads the credential again and, if
   * that has changed, makes the request once more, so that a rotated secret is picked up unnoticed. Throws
   * `ConfigError/Credential`, `ConfigError/Endpoint` and what the request throws.
   */
  request<T>(call: (service: BlobServiceClient) => Promise<T>): Promise<T> {
    return this.#request(async ({ service }) => call(await service()));
  }

  /**
   * Like {@link request}, by `lean` where requests need not go through the SDK, else by `sdk`. The SDK also repeats
   * what was refused with a token of the identity chain: it knows how to answer when the service asks for another one.
   */
  leanRequest<T>(
    lean: (access: AzureAccess) => Promise<T>,
    sdk: (service: BlobServiceClient) => Promise<T>,
  ): Promise<T> {
    return this.#request(async ({ access, service, kind }) => {
      if (access === undefined) return await sdk(await service());
      try {
        return await lean(access);
      } catch (error) {
        if (kind !== 'identity' || describeAzureError(error).status !== 401) throw error;
        return await sdk(await service());
      }
    });
  }

  async #request<T>(call: (opened: Opened) => Promise<T>): Promise<T> {
    const opened = await this.#open();
    try {
      return await call(opened);
    } catch (error) {
      const renewed = isOfCredential(error) ? await this.#renew(opened) : undefined;
      if (renewed === undefined) throw error;
      return await call(renewed);
    }
  }

  /** Reads the credential again and returns what it is. Makes no request. Throws `ConfigError/Credential`. */
  async describeCredential(): Promise<CredentialFacts> {
    const { name } = this.#options;
    const { endpoint } = this;
    const use = { account: name, endpoint, variable: this.#variable() };
    return credentialFacts(parseAzureCredential(await this.#read(), use));
  }

  async #open(): Promise<Opened> {
    this.#opened ??= this.#read().then((value) => this.#connect(value));
    const opening = this.#opened;
    try {
      return await opening;
    } catch (error) {
      // The next request tries again: somebody may set the credential while the worker runs.
      if (this.#opened === opening) this.#opened = undefined;
      throw error;
    }
  }

  async #renew(refused: Opened): Promise<Opened | undefined> {
    const current = await this.#open();
    // Another request has renewed it in the meantime.
    if (current !== refused) return current;
    const value = await this.#read();
    if (value.equals(refused.value)) return undefined;
    this.#opened = this.#connect(value);
    return await this.#open();
  }

  async #connect(value: Secret): Promise<Opened> {
    const { name, agents, pools } = this.#options;
    const { endpoint } = this;
    const credential = parseAzureCredential(value, { account: name, endpoint, variable: this.#variable() });
    if (credential.kind !== 'key') requireTrustedHost(endpoint, credential.kind, { ...this.#options, account: name });
    requireSecureIdentity(endpoint, credential);
    const pool = await pools.reaching(endpoint);
    let service: Promise<BlobServiceClient> | undefined;
    return {
      value,
      kind: credential.kind,
      service: () => (service ??= createAzureService(endpoint, credential, agents)),
      access: pool && createAzureAccess(endpoint, credential, pool),
    };
  }

  async #read(): Promise<Secret> {
    const { account, credentials } = this.#options;
    if (account.credential === undefined) return new Secret('default');
    let value: Secret | undefined;
    try {
      value = await credentials(account.credential);
    } catch (error) {
      if (localFault(error) !== 'file') throw error;
      throw this.#unusable(`the file that ${this.#variable()}_FILE names cannot be read: ${fileFault(error)}`);
    }
    const variable = this.#variable();
    if (value === undefined)
      throw this.#unusable(
        `it needs the credential ${account.credential}, but neither ${variable} nor ${variable}_FILE is set on this ` +
          'worker; set it, to `default` for the Azure identity chain',
      );
    if (value.reveal().trim() === '')
      throw this.#unusable(`its credential is empty: ${variable}, or the file that ${variable}_FILE names`);
    return value;
  }

  #unusable(why: string): Failure {
    const { name } = this.#options;
    return new Failure('ConfigError/Credential', `account ${name}: ${why}`, { what: `account ${name}` });
  }

  #variable(): string {
    const name = this.#options.account.credential ?? 'default';
    return `LONGHAUL_CREDENTIAL_${name.toUpperCase().replaceAll('-', '_')}`;
  }
}

/** Reports whether another credential may help: it was refused, or the identity chain found none. */
function isOfCredential(error: unknown): boolean {
  const seen = describeAzureError(error);
  if (seen.status === 401 || seen.status === 403) return true;
  return ['SourceAuth', 'SourceAuthUnavailable'].includes(azureFailureClass(error, seen));
}

function fileFault(error: unknown): string {
  return fileProblem(textField(error, 'code'));
}
