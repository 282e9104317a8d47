/** What a proxy does to one request instead of passing it on. */
export type Fault =
  /** Passed on after a while. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** Passed on once the test says so. */
  | { readonly kind: 'hold'; readonly until: Promise<void> }
  /** The connection is reset; the server never sees the request. */
  | { readonly kind: 'reset' }
  /** A 503 that the server never sees. */
  | { readonly kind: 'busy' }
  /** Nothing happens until the client gives up; the server never sees the request. */
  | { readonly kind: 'stall' }
  /** The server gets so many bytes of the body; then both connections break. */
  | { readonly kind: 'cut-request'; readonly afterBytes: number }
  /** The server does the work and answers; the client's connection is reset before a byte of the answer. */
  | { readonly kind: 'lost-reply' }
  /** The client gets so many bytes of the answer's body; then its connection ends, rudely or in peace. */
  | { readonly kind: 'cut-reply'; readonly afterBytes: number; readonly how: 'reset' | 'end' }
  /** The client gets so many bytes of the answer's body and then nothing until it gives up. */
  | { readonly kind: 'stall-reply'; readonly afterBytes: number };
