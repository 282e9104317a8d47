import { AggregateAuthenticationError, AuthenticationError, CredentialUnavailableError } from '@azure/identity';
import { describe, expect, it } from 'vitest';
import { TokenEndpointDown, tokenFailure } from '../../../../../src/stores/azure/credentials/token-failure.js';

// The texts that the library made when it was tried: without a server, with one that refused, and with none configured.
const code = (name: string): string => `${name}: See https://aka.ms/msal.js.errors#${name} for details`;
const noneInEnvironment = new CredentialUnavailableError(
  'EnvironmentCredential is unavailable. No underlying credential could be used.',
);
const noAzureCli = new CredentialUnavailableError(
  'Azure CLI could not be found. Please visit https://aka.ms/azure-cli for installation instructions and then, once ' +
    "installed, authenticate to your Azure account using 'az login'.",
);
const chain = (text: string): Error =>
  new AggregateAuthenticationError(
    [noneInEnvironment, new CredentialUnavailableError(text), noAzureCli],
    'ChainedTokenCredential authentication failed.',
  );
const environment = (text: string): Error =>
  new AuthenticationError(400, { error: 'EnvironmentCredential authentication failed.', error_description: text });
const identity = (text: string): Error => chain(`ManagedIdentityCredential: Authentication failed. Message ${text}`);
const unreached = chain(`ManagedIdentityCredential: Network unreachable. Message: ${code('network_error')}`);

describe('a failure of the Azure identity chain', () => {
  it.each([
    ['a secret in the environment, and no server', environment(code('endpoints_resolution_error'))],
    ['a workload identity, and no server', chain(code('endpoints_resolution_error'))],
    ['a managed identity that is throttled', identity('too_many_requests: Error(s): Not Available')],
    ['a managed identity whose server is broken', identity('temporarily_unavailable: Error(s): Not Available')],
  ])('may pass with %s', (_title, error) => {
    expect(tokenFailure(error, false)).toBeInstanceOf(TokenEndpointDown);
  });

  it.each([
    ['a secret that is wrong', environment('invalid_client: Error(s): 7000215 - Description: AADSTS7000215')],
    ['a federated token that has ended', chain('invalid_grant: Error(s): 700024 - Description: AADSTS700024')],
    ['an identity that the machine does not have', identity('invalid_request: Error(s): Identity not found')],
    ['Azure CLI that is signed out', chain("Please run 'az login' from a command prompt to authenticate")],
  ])('stays what it is with %s, whether there was a token before or not', (_title, error) => {
    for (const hadToken of [false, true]) expect(tokenFailure(error, hadToken)).toBe(error);
  });

  it('is about a server that is down only if that has ever answered, where a machine may have none', () => {
    expect(tokenFailure(unreached, false)).toBe(unreached);
    expect(tokenFailure(unreached, true)).toBeInstanceOf(TokenEndpointDown);
  });
});
