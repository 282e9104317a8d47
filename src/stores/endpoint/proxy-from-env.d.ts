/** What is used of the library, which brings no types. */
declare module 'proxy-from-env' {
  /** Gives the address of the proxy that the environment names for a URL; '' for none. */
  export function getProxyForUrl(url: string): string;
}
