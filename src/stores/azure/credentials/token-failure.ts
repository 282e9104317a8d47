import { field, textField } from '../../request/error-fields.js';

/** The token endpoint of the Azure identity chain did not answer, or asked to be left alone for a while. */
export class TokenEndpointDown extends Error {
  override readonly name = 'TokenEndpointDown';
}

/**
 * Returns the failure of the Azure identity chain, as {@link TokenEndpointDown} if it may pass. The chain wraps what
 * its credentials report in errors that look the same, status included, for a server that is down and for a refused
 * secret; only their texts, which quote the codes of the underlying library, differ. A machine without a managed
 * identity has no endpoint for it either: that one is down only for a process that `hadToken`.
 */
export function tokenFailure(error: unknown, hadToken: boolean): unknown {
  const text = textsOf(error).join('\n');
  if (refused.test(text)) return error;
  const isDown = down.test(text) || (hadToken && ofChain.has(textField(error, 'name') ?? ''));
  return isDown ? new TokenEndpointDown(textField(error, 'message'), { cause: error }) : error;
}

/** Codes by which Entra ID and managed identities refuse for good; the last one is Azure CLI's text. */
const refused = /\b(invalid_[a-z_]+|unauthorized_client|access_denied|interaction_required)\b|run 'az login'/;

/** Codes of a server that cannot be reached, is busy or broken. */
const down = new RegExp(
  [
    'endpoints_resolution_error|openid_config_error|no_network_connectivity|request_timeout',
    'post_request_failed|get_request_failed|temporarily_unavailable|server_error|service_unavailable',
    'too_many_requests|slow_down',
  ]
    .map((codes) => `\\b(${codes})\\b`)
    .join('|'),
);

const ofChain: ReadonlySet<string> = new Set([
  'AggregateAuthenticationError',
  'AuthenticationError',
  'CredentialUnavailableError',
]);

function textsOf(error: unknown): readonly string[] {
  const nested = field(error, 'errors');
  const all = Array.isArray(nested) ? [error, ...(nested as readonly unknown[])] : [error];
  return all.map((each) => textField(each, 'message') ?? '');
}
