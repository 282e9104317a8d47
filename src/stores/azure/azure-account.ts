import type { BlobServiceClient } from '@azure/storage-blob';
import type { AccountDefinition } from '../../domain/definition.js';
import { Failure } from '../../domain/failure.js';
import { checkEndpoint } from '../endpoint/check-endpoint.js';
import type { GuardedAgents } from '../endpoint/guarded-agent.js';
import { describeAzureError } from './azure-failures.js';
import { createAzureService } from './azure-service.js';
import { parseAzureCredential } from './parse-azure-credential.js';

/** What an {@link AzureAccount} is made of. `credentials` reads a credential anew at each call. */
export interface AzureAccountOptions {
  readonly name: string;
  readonly account: AccountDefinition;
  readonly credentials: (name: string) => Promise<string | undefined>;
  readonly allowInsecure: boolean;
  readonly agents: GuardedAgents;
}

interface Opened {
  readonly value: string;
  readonly service: BlobServiceClient;
}

/** One source account with its credential, which is read when first needed and again after the account refused it. */
export class AzureAccount {
  readonly endpoint: URL;
  readonly #options: AzureAccountOptions;
  #opened: Promise<Opened> | undefined;

  /** Throws `ConfigError/Endpoint` where the endpoint is refused. */
  constructor(options: AzureAccountOptions) {
    this.#options = options;
    this.endpoint = checkEndpoint(options.account.endpoint, `account ${options.name}`, options.allowInsecure);
  }

  /**
   * Makes a request. After a 401 or 403 the credential is read again and, if it has changed, the request made once more: so a rotated
   * secret is picked up without anybody noticing.
   */
  async request<T>(call: (service: BlobServiceClient) => Promise<T>): Promise<T> {
    const opened = await this.#open();
    try {
      return await call(opened.service);
    } catch (error) {
      const { status } = describeAzureError(error);
      if (status !== 401 && status !== 403) throw error;
      const renewed = await this.#renew(opened);
      if (renewed === undefined) throw error;
      return await call(renewed.service);
    }
  }

  async #open(): Promise<Opened> {
    this.#opened ??= this.#read().then((value) => this.#connect(value));
    const opening = this.#opened;
    try {
      return await opening;
    } catch (error) {
      // The next request tries again: a credential may be put in place while the worker runs.
      if (this.#opened === opening) this.#opened = undefined;
      throw error;
    }
  }

  async #renew(refused: Opened): Promise<Opened | undefined> {
    const current = await this.#open();
    // Another request has renewed it meanwhile.
    if (current !== refused) return current;
    const value = await this.#read();
    if (value === refused.value) return undefined;
    this.#opened = this.#connect(value);
    return await this.#open();
  }

  async #connect(value: string): Promise<Opened> {
    const { name, agents } = this.#options;
    const variable = this.#variable();
    const credential = parseAzureCredential(value, { account: name, endpoint: this.endpoint, variable });
    return { value, service: await createAzureService(this.endpoint, credential, agents) };
  }

  async #read(): Promise<string> {
    const { name, account, credentials } = this.#options;
    if (account.credential === undefined) return 'default';
    const value = await credentials(account.credential);
    if (value !== undefined && value.trim() !== '') return value;
    throw new Failure(
      'ConfigError/Credential',
      `account ${name} needs the credential ${account.credential}, but ${this.#variable()} is not set on this worker ` +
        `(nor ${this.#variable()}_FILE); set it, to \`default\` for the Azure identity chain`,
      { what: `account ${name}` },
    );
  }

  #variable(): string {
    const name = this.#options.account.credential ?? 'default';
    return `LONGHAUL_CREDENTIAL_${name.toUpperCase().replaceAll('-', '_')}`;
  }
}
