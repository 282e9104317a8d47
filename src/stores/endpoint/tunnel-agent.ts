import type http from 'node:http';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** Reaches https endpoints through tunnels of a proxy, and reuses them. */
export class TunnelAgent extends HttpsProxyAgent<string> {
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
    // The host alone: the rest of the address may hold a password.
    const proxy = `the proxy ${this.proxy.host} (HTTPS_PROXY)`;
    const message = `${proxy} refused to connect to ${String(options.host)}: status ${String(status)}`;
    throw Object.assign(new Error(message), { code: 'LONGHAUL_PROXY_REFUSED' });
  }
}
