import { Failure } from '../../../domain/failure.js';
import type { AzureRequest } from '../azure-failure.js';

/** Makes the failure of a listing that makes no sense, which is the account's and not a unit's. */
export function listingFailure({ doing, account }: AzureRequest, why: string, cause?: unknown): Failure {
  return new Failure('SourceListing', `${doing}: ${why}`, { what: `account ${account}`, cause });
}

/** Makes the failure of a page that is not the page of a listing. */
export function notAListing(request: AzureRequest): Failure {
  return listingFailure(request, 'the answer is not a listing; look for a proxy in between');
}
