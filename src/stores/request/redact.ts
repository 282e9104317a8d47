const secrets: readonly RegExp[] = [
  // Signatures of SAS tokens and presigned URLs, keys in connection strings.
  /\b(sig|x-amz-signature|x-amz-credential|x-amz-security-token|accountkey|sharedaccesssignature|client_secret|password)=[^&\s;"'<]+/gi,
  // Authorization headers.
  /\b(sharedkey|bearer|basic|aws4-hmac-sha256)\s+[^\s"'<][^"'<\n]*/gi,
  // Anything that looks like a key, a signature or a token.
  /[A-Za-z0-9+/_-]{40,}={0,2}/g,
];
const textMax = 300;

/** Makes a text of a store or an SDK fit for messages: the first line, without queries of URLs, signatures, keys and tokens. */
export function redact(text: string): string {
  let clean = (text.split('\n', 1)[0] ?? '').replace(/(https?:\/\/[^\s?"'<]+)\?[^\s"'<]*/gi, '$1');
  for (const secret of secrets) clean = clean.replace(secret, '[redacted]');
  return clean.length > textMax ? `${clean.slice(0, textMax)}…` : clean;
}
