import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/** Paths of a certificate and its key. */
export interface MadeCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Makes an authority with OpenSSL, in files of a folder. */
export async function makeAuthority(folder: string, name: string): Promise<MadeCertificate> {
  const made = pathsOf(folder, name);
  await openssl(['req', '-x509', ...newKey, '-keyout', made.key, '-out', made.cert, '-subj', `/CN=${name}`]);
  return made;
}

/** Makes a certificate for `localhost` and 127.0.0.1, or for another name, that an authority has signed. */
export async function makeCertificate(
  folder: string,
  name: string,
  authority: MadeCertificate,
  host = 'localhost',
): Promise<MadeCertificate> {
  const made = pathsOf(folder, name);
  const [request, extensions] = [join(folder, `${name}.csr`), join(folder, `${name}.ext`)];
  writeFileSync(extensions, `subjectAltName=DNS:${host}${host === 'localhost' ? ',IP:127.0.0.1' : ''}\n`);
  await openssl(['req', ...newKey, '-keyout', made.key, '-out', request, '-subj', `/CN=${name}`]);
  await openssl([
    ...['x509', '-req', '-in', request, '-CA', authority.cert, '-CAkey', authority.key, '-set_serial', '1'],
    ...['-extfile', extensions, '-out', made.cert],
  ]);
  return made;
}

/** Returns the contents of a certificate and its key. */
export function readPair({ cert, key }: MadeCertificate): { readonly cert: Buffer; readonly key: Buffer } {
  return { cert: readFileSync(cert), key: readFileSync(key) };
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function pathsOf(folder: string, name: string): MadeCertificate {
  return { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
}

async function openssl(args: readonly string[]): Promise<void> {
  await execa('openssl', args, { stdin: 'ignore' });
}
