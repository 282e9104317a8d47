import { textField } from './error-fields.js';

/** What Node reports before anything was sent, apart from the network. */
export type LocalFault =
  /** This process is short of sockets, ports or memory. */
  | 'shortage'
  /** The server could not be reached, so no request was sent. */
  | 'unreached'
  /** The server's certificate was refused, so no request was sent. */
  | 'certificate'
  /** A file could not be read, such as that of a credential. */
  | 'file';

const shortage: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EADDRNOTAVAIL']);
const unreached: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'LONGHAUL_PROXY_REFUSED',
]);
// A connection that breaks is also an error of "read".
const fileCodes: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM']);
const fileCalls: ReadonlySet<string> = new Set(['open', 'read', 'stat', 'lstat', 'scandir', 'access']);

/** Returns what an error of Node says about this machine; undefined for errors of connections and answers. */
export function localFault(error: unknown): LocalFault | undefined {
  const code = textField(error, 'code') ?? '';
  if (shortage.has(code)) return 'shortage';
  if (fileCodes.has(code) && fileCalls.has(textField(error, 'syscall') ?? '')) return 'file';
  if (unreached.has(code)) return 'unreached';
  return isCertificateCode(code) ? 'certificate' : undefined;
}

/** Returns what to say about an error that {@link localFault} knows; undefined if its own text is clear enough. */
export function localFaultText(error: unknown): string | undefined {
  const code = textField(error, 'code') ?? '';
  switch (localFault(error)) {
    case 'certificate':
      return code === 'ERR_TLS_CERT_ALTNAME_INVALID'
        ? "the server's certificate is for another name"
        : "the server's certificate is not trusted; NODE_EXTRA_CA_CERTS names a file of further authorities";
    case 'file':
      return `a file of the credential cannot be read: ${fileProblem(code)}`;
    default:
      return undefined;
  }
}

/** Returns what is wrong with a file, by the code of Node's error. */
export function fileProblem(code: string | undefined): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'it does not exist';
    case 'EISDIR':
      return 'it is a directory';
    case 'EACCES':
    case 'EPERM':
      return 'this process may not read it';
    default:
      return code ?? 'it cannot be read';
  }
}

// OpenSSL's names, as Node reports them.
function isCertificateCode(code: string): boolean {
  return /^(ERR_TLS_CERT_|CERT_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_|UNABLE_TO_(VERIFY|GET_ISSUER)_)/.test(
    code,
  );
}
