/** What a proxy does to a request instead of passing it on. */
export type Fault =
  /** Passed on after a delay. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** Passed on when the test says so. */
  | { readonly kind: 'hold'; readonly until: Promise<void> }
  /** The connection is reset. The server never sees the request. */
  | { readonly kind: 'reset' }
  /** Answered with 503. The server never sees the request. */
  | { readonly kind: 'busy' }
  /**
   * Answered with this status and error code, in the form that Azure and S3 share. The server never sees the request.
   */
  | { readonly kind: 'refuse'; readonly status: number; readonly code: string; readonly message?: string }
  /** Nothing happens until the client gives up. The server never sees the request. */
  | { readonly kind: 'stall' }
  /** The server gets this many bytes of the body, then both connections break. */
  | { readonly kind: 'cut-request'; readonly afterBytes: number }
  /**
   * The server does the work and answers, but the connection of the client is reset before the first byte of the
   * answer.
   */
  | { readonly kind: 'lost-reply' }
  /** The client gets this many bytes of the answer, then its connection is reset or ended. */
  | { readonly kind: 'cut-reply'; readonly afterBytes: number; readonly how: 'reset' | 'end' }
  /** The client gets this many bytes of the answer, then nothing until it gives up. */
  | { readonly kind: 'stall-reply'; readonly afterBytes: number };
