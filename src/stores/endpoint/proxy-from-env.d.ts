/** The part of the library that Longhaul uses; it ships no types. */
declare module 'proxy-from-env' {
  /** Returns the address of the proxy that the environment names for a URL; '' for none. */
  export function getProxyForUrl(url: string): string;
}
