import type { BlobSource } from '../../pipeline/source/blob-source.js';
import type { CredentialFacts } from './credential-facts.js';

/** The source accounts of a migration, as `check` looks at them. */
export interface ProbedSource extends BlobSource {
  /**
   * Proves with one request that an account can be reached and accepts the credential. Without a container it asks for
   * one that does not exist.
   */
  probeAccount(account: string, container: string | undefined, signal: AbortSignal): Promise<void>;
  /** Reads the credential of an account, and returns what it is. Makes no request. Throws `ConfigError/Credential`. */
  describeCredential(account: string): Promise<CredentialFacts>;
}
