/**
 * Returns the values of environment variables that hold secrets, so that they can be kept out of logs and histories.
 */
export function knownSecrets(variables: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(variables)
    .filter(([name]) => secretNames.some((pattern) => pattern.test(name)))
    .map(([, value]) => value?.trim() ?? '')
    .filter((value) => value !== '');
}

const secretNames = [
  /^LONGHAUL_CREDENTIAL_(?!.*_FILE$)/,
  /^AWS_(SECRET_ACCESS_KEY|SESSION_TOKEN)$/,
  /^AZURE_CLIENT_SECRET$/,
  /^TEMPORAL_API_KEY$/,
];
