import type http from 'node:http';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** Reaches https endpoints through a proxy's tunnels, which it keeps. */
export class TunnelAgent extends HttpsProxyAgent<string> {
  /** A refusal of the proxy is an error of the way: the library would hand it on as the endpoint's own answer. */
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
    // Its address alone: the rest may hold a password.
    const message = `the proxy ${this.proxy.host} (HTTPS_PROXY) refused a way to ${String(options.host)}: status ${String(status)}`;
    throw Object.assign(new Error(message), { code: 'LONGHAUL_PROXY_REFUSED' });
  }
}
