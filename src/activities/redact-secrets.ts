/** Makes a text fit for histories and logs. */
export type Redact = (text: string) => string;

const patterns: readonly RegExp[] = [
  // Signatures of SAS tokens and presigned URLs, keys in connection strings.
  /\b(sig|signature|x-amz-signature|x-amz-credential|x-amz-security-token|accountkey|sharedaccesssignature|client_secret|secret|password)=[^&\s;"'<>]+/gi,
  // Authorization headers.
  /\b(sharedkey|bearer|basic|aws4-hmac-sha256)\s+[^\s"'<>]+/gi,
];

/**
 * Makes a function that takes secrets out of a text: the known values given, queries of URLs, signatures, keys and tokens. Stores redact
 * what they report; this is for what nobody has classified.
 */
export function createRedact(knownSecrets: readonly string[]): Redact {
  // Shorter ones are words, and taking words out would make messages unreadable.
  const known = knownSecrets.filter((secret) => secret.length >= 8).sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text.replace(/(https?:\/\/[^\s?"'<>]+)\?[^\s"'<>]*/gi, '$1');
    for (const secret of known) clean = clean.replaceAll(secret, '[redacted]');
    for (const pattern of patterns) clean = clean.replace(pattern, '$1=[redacted]');
    return clean;
  };
}
