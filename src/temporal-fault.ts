import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** What keeps a client from Temporal, and what to do about it. */
export interface TemporalFault {
  readonly reason: string;
  readonly next: string;
}

/** Where Temporal is and how to connect to it, from the SDK's environment configuration. */
export interface TemporalEndpoint {
  readonly address: string;
  readonly tls?: boolean | null | TlsFiles | undefined;
}

interface TlsFiles {
  readonly serverNameOverride?: string | undefined;
  readonly serverRootCACertificate?: Uint8Array | undefined;
  readonly clientCertPair?: { readonly crt: Uint8Array; readonly key: Uint8Array } | null | undefined;
}

/**
 * Finds out why connecting to Temporal fails although something listens there: gRPC's own errors mention neither
 * certificates nor missing TLS. Returns undefined if nothing listens, or if the server answers as it should.
 */
export async function findTemporalFault(
  endpoint: TemporalEndpoint,
  timeoutMs = 5_000,
): Promise<TemporalFault | undefined> {
  const usesTls = Boolean(endpoint.tls);
  const outcome = await greet(endpoint, timeoutMs);
  if (outcome === 'silent' || outcome === 'answered') return undefined;
  if (outcome === 'closed') return usesTls ? closedAfterHandshake(endpoint) : tlsIsMissing;
  if (outcome === 'closed early') return usesTls ? noTls : tlsIsMissing;
  const { code = '', message } = outcome;
  if (nobodyListens.has(code)) return undefined;
  return usesTls ? tlsFault(code, message, endpoint) : tlsIsMissing;
}

/**
 * How a server reacted to the greeting of HTTP/2: it answered, kept silent, or closed before or after the handshake.
 */
type Outcome = 'answered' | 'silent' | 'closed early' | 'closed' | NodeJS.ErrnoException;

function greet(endpoint: TemporalEndpoint, timeoutMs: number): Promise<Outcome> {
  return new Promise((resolve) => {
    let socket: Socket | undefined;
    let isSecure = false;
    const closed = (): Outcome => (isSecure ? 'closed' : 'closed early');
    const end = (outcome: Outcome): void => {
      clearTimeout(timer);
      socket?.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => end('silent'), timeoutMs);
    try {
      socket = open(endpoint);
    } catch (error) {
      // The key does not fit the certificate, or a file is neither.
      end(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    socket
      .once('data', (data: Buffer) => end(data[0] === tlsAlert ? 'closed' : 'answered'))
      .once('secureConnect', () => (isSecure = true))
      .once('error', (error: NodeJS.ErrnoException) => end(isCut(error) ? closed() : error))
      .once('close', () => end(closed()));
    socket.write(http2Greeting);
  });
}

function open({ address, tls }: TemporalEndpoint): Socket {
  const url = new URL(`https://${address}`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port === '' ? 443 : url.port);
  if (tls === undefined || tls === null || tls === false) return connectTcp({ host, port });
  const { serverNameOverride, serverRootCACertificate, clientCertPair } = tls === true ? {} : tls;
  const servername = serverNameOverride ?? host;
  return connectTls({
    ...{ host, port, ALPNProtocols: ['h2'] },
    // A server name is never an address.
    ...(/^[\d.]+$|:/.test(servername) ? {} : { servername }),
    ...(serverRootCACertificate && { ca: Buffer.from(serverRootCACertificate) }),
    ...(clientCertPair && { cert: Buffer.from(clientCertPair.crt), key: Buffer.from(clientCertPair.key) }),
  });
}

const tlsAlert = 0x15;
const http2Greeting = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.of(0, 0, 0, 4, 0, 0, 0, 0, 0),
]);
const nobodyListens = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT']);

const tlsIsMissing: TemporalFault = {
  reason: 'a server answers there, but not without TLS',
  next: 'set TEMPORAL_TLS=true, TEMPORAL_API_KEY or TEMPORAL_TLS_CLIENT_CERT_PATH, as the server asks for',
};

/** The server answers, but refuses this client. */
export const refusedKey: TemporalFault = {
  reason: 'the server refuses this client',
  next: 'correct TEMPORAL_API_KEY, and TEMPORAL_NAMESPACE, for which the key must be allowed',
};

const noTls: TemporalFault = {
  reason: 'the server there does not speak TLS',
  next: 'unset TEMPORAL_API_KEY and TEMPORAL_TLS_*, or correct TEMPORAL_ADDRESS',
};

function isCut({ code, message }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || (code === 'ECONNRESET' && !/alert/i.test(message));
}

function tlsFault(code: string, message: string, endpoint: TemporalEndpoint): TemporalFault {
  const detail = message.replace(/^[0-9A-F]+:error:[0-9A-F]+:|:\.\.\/deps.*$/gs, '').trim();
  if (/ALTNAME/.test(code)) {
    const next = 'set TEMPORAL_TLS_SERVER_NAME to the name in its certificate, or correct TEMPORAL_ADDRESS';
    return { reason: `its certificate is for another name (${detail})`, next };
  }
  if (code === 'CERT_HAS_EXPIRED') {
    return { reason: 'its certificate has expired', next: 'renew the certificate of the server' };
  }
  if (/SELF_SIGNED|UNABLE_TO_|CERT_|SIGNATURE/.test(code)) {
    const next = 'set TEMPORAL_TLS_SERVER_CA_CERT_PATH to the authority that has signed it';
    return { reason: `its certificate is not trusted (${detail})`, next };
  }
  if (/alert/i.test(message)) return { ...closedAfterHandshake(endpoint), reason: refusesClient(endpoint, detail) };
  if (/^ERR_OSSL/.test(code)) return { reason: `certificate and key cannot be used (${detail})`, next: nextForPair };
  // Whatever OpenSSL calls it, the reply was not a TLS handshake.
  return noTls;
}

function closedAfterHandshake(endpoint: TemporalEndpoint): TemporalFault {
  return { reason: refusesClient(endpoint, 'it closes the connection'), next: nextForPair };
}

const nextForPair =
  'set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH to a certificate that the server knows, and to ' +
  'its key';

function refusesClient({ tls }: TemporalEndpoint, detail: string): string {
  const hasPair = typeof tls === 'object' && tls?.clientCertPair;
  return hasPair
    ? `the server refuses the certificate of this client (${detail})`
    : `the server refuses a client without a certificate (${detail})`;
}
