const url = /(https?:\/\/)(?:[^\s/@"'<>]*@)?([^\s?"'<>]+)(?:\?[^\s"'<>]*)?/gi;
const names =
  'sig|signature|x-amz-signature|x-amz-credential|x-amz-security-token|' +
  'accountkey|sharedaccesssignature|client_secret|secret|password';
const named = new RegExp(`\\b(${names})=[^&\\s;"'<>]+`, 'gi');
// The rest of the line: AWS's header has its signature at the end.
const authorization = /\b(sharedkey|bearer|basic|aws4-hmac-sha256)\s+[^\s"'<][^"'<\n]*/gi;

/**
 * Returns a text without what looks like a secret: queries and user names in URLs, signatures, keys in connection
 * strings, authorization headers. The only list of such patterns.
 */
export function withoutSecrets(text: string): string {
  return text.replace(url, '$1$2').replace(named, '$1=[redacted]').replace(authorization, '$1 [redacted]');
}
