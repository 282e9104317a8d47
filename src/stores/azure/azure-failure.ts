import type { FailureClass } from '../../domain/failure-classes.js';
import { Failure } from '../../domain/failure.js';
import { blamedStore } from '../request/blamed-store.js';
import { localFaultText } from '../request/local-faults.js';
import { sdkError } from '../request/sdk-error.js';
import { serverText } from '../request/server-text.js';
import { describeAzureError, type AzureError } from './azure-error.js';
import { azureFailureClass, isUnreadable } from './azure-failure-class.js';

/** What was asked of which account. */
export interface AzureRequest {
  /** Such as `list east/events-2024/t1/`. */
  readonly doing: string;
  readonly account: string;
  /** `account/container/name`, if the request is about one blob. */
  readonly blob?: string;
}

/**
 * Makes the failure of a request to Azure; neither its message nor its cause holds a secret. A failure is returned as
 * it is.
 */
export function azureFailure(error: unknown, request: AzureRequest): Failure {
  if (error instanceof Failure) return error;
  const seen = describeAzureError(error);
  const failureClass = azureFailureClass(error, seen);
  return new Failure(failureClass, `${request.doing}: ${reason(error, failureClass, seen)}`, {
    cause: sdkError(error, seen),
    what: blamedStore(failureClass, `account ${request.account}`),
    blob: request.blob,
    status: seen.status,
    code: seen.code,
    retryAfterMs: seen.retryAfterMs,
  });
}

function reason(error: unknown, failureClass: FailureClass, seen: AzureError): string {
  const text = redirectText(seen) ?? reasonOfCode[seen.code ?? ''] ?? reasonOfClass(error, failureClass, seen);
  const proof = [seen.status, seen.code, seen.requestId === undefined ? undefined : `request ${seen.requestId}`];
  const known = proof.filter((part) => part !== undefined).join(' ');
  return known === '' ? text : `${text} (${known})`;
}

function redirectText({ status = 0, redirectHost }: AzureError): string | undefined {
  if (status < 300 || status > 399) return undefined;
  const where = redirectHost === undefined ? '' : ` to ${redirectHost}`;
  return `the server redirects${where}, which is not followed; correct the endpoint or look for a proxy in between`;
}

const reasonOfCode: Readonly<Record<string, string>> = {
  ContainerNotFound: 'the container does not exist',
  ContainerBeingDeleted: 'the container is being deleted',
  ContainerDisabled: 'the container is disabled',
  BlobNotFound: 'the blob does not exist',
  BlobArchived: 'the blob is in the archive tier',
  BlobBeingRehydrated: 'the blob is on its way out of the archive tier',
  BlobUsesCustomerSpecifiedEncryption: 'the blob is encrypted with a key that its reader must send',
  AccountIsDisabled: 'the account is disabled',
  AuthorizationFailure: "the account's firewall or the credential's permissions do not allow this",
  AuthorizationPermissionMismatch: 'the credential lacks a permission for this',
  AuthorizationProtocolMismatch: 'the SAS token is for https only',
  AuthorizationResourceTypeMismatch: 'the SAS token does not cover this kind of resource',
  AuthorizationServiceMismatch: 'the SAS token is not for blobs',
  AuthorizationSourceIPMismatch: "the SAS token does not allow this machine's address",
  KeyVaultAccessTokenCannotBeAcquired: 'the account cannot use its own encryption key',
  KeyVaultEncryptionKeyNotFound: "the account's own encryption key is gone",
  KeyVaultVaultNotFound: "the vault of the account's own encryption key is gone",
  KeyBasedAuthenticationNotPermitted: 'the account accepts no account keys; use the Azure identity chain',
};

function reasonOfClass(error: unknown, failureClass: FailureClass, seen: AzureError): string {
  switch (failureClass) {
    case 'SourceThrottled':
      return 'the account asks for fewer requests';
    case 'SourceMissing':
      return 'it does not exist';
    case 'SourceChanged':
      return 'it was replaced since it was listed';
    case 'SourceRefused':
      return 'the service refuses this request';
    // Azure's own text about a refused signature contains the signature.
    case 'SourceAuth':
      return seen.status === undefined ? 'the Azure identity chain found no credential' : 'the credential was refused';
    case 'SourceForbidden':
      return 'the credential is known but not allowed to do this';
    case 'SourceAuthUnavailable':
      return 'no token could be fetched: its endpoint cannot be reached, is busy or broken';
    case 'ClockSkew':
      return "the credential was refused because this machine's clock is more than 15 minutes off";
    case 'SourceProtocol':
      return isUnreadable(error, seen) || seen.status !== undefined
        ? 'the answer is not what the service sends; look for a proxy in between'
        : errorText(error);
    default:
      return localFaultText(error) ?? errorText(error);
  }
}

function errorText(error: unknown): string {
  const text = error instanceof Error ? serverText(error.message) : '';
  return text === '' ? 'no reason was given' : text;
}
