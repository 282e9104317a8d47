import type http from 'node:http';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { Proxy } from './proxy-for.js';

/** Reaches https endpoints through tunnels of a proxy, and reuses them. */
export class TunnelAgent extends HttpsProxyAgent<string> {
  constructor({ address, user }: Proxy, options: http.AgentOptions) {
    // With the password in the address the library would print it.
    super(address.href, { ...options, headers: () => authorization(user) });
  }

  /**
   * Fails if the proxy refuses the tunnel; the library would return the proxy's refusal as the endpoint's answer.
   */
  override async connect(
    request: http.ClientRequest,
    options: Parameters<HttpsProxyAgent<string>['connect']>[1],
  ): ReturnType<HttpsProxyAgent<string>['connect']> {
    let status = 0;
    request.once('proxyConnect', ({ statusCode }: { readonly statusCode: number }) => {
      status = statusCode;
    });
    const socket = await super.connect(request, options);
    if (status === 200) return socket;
    socket.destroy();
    const proxy = `the proxy ${this.proxy.host} (HTTPS_PROXY)`;
    const message = `${proxy} refused to connect to ${String(options.host)}: status ${String(status)}`;
    throw Object.assign(new Error(message), { code: 'LONGHAUL_PROXY_REFUSED' });
  }
}

function authorization(user: Proxy['user']): http.OutgoingHttpHeaders {
  if (user === undefined) return {};
  const pair = Buffer.from(`${user.name}:${user.password.reveal()}`).toString('base64');
  return { 'Proxy-Authorization': `Basic ${pair}` };
}
