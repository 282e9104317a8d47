import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { readPair, type MadeCertificate } from './made-certificates.js';

/** TLS in front of a server that has none. */
export interface TlsFront {
  readonly port: number;
  readonly close: () => void;
}

/** Starts it. Clients must show a certificate that the authority at `clients` has signed, as in Temporal Cloud. */
export async function startTlsFront(given: {
  readonly to: string;
  readonly certificate: MadeCertificate;
  readonly clients: string;
}): Promise<TlsFront> {
  const { hostname: host, port } = new URL(`http://${given.to}`);
  const server = createServer(
    {
      ...readPair(given.certificate),
      ca: readFileSync(given.clients),
      ...{ requestCert: true, rejectUnauthorized: true, ALPNProtocols: ['h2'] },
    },
    (socket) => {
      const behind = connect({ host, port: Number(port) });
      socket.pipe(behind).pipe(socket);
      // Either end takes the other with it.
      socket.on('error', () => behind.destroy()).on('close', () => behind.destroy());
      behind.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}
