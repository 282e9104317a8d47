import { serverText } from './server-text.js';

/** What is kept of an SDK's error: enough to find the request in the store's logs, and no secret. */
class SdkError extends Error {
  override readonly name = 'SdkError';

  constructor(
    message: string,
    readonly code: string | undefined,
    readonly status: number | undefined,
    readonly requestId: string | undefined,
  ) {
    super(message);
  }
}

/** Wraps an SDK's error without its request, response and headers, whose URLs and signatures must not reach a log. */
export function sdkError(
  error: unknown,
  seen: {
    readonly code?: string | undefined;
    readonly status?: number | undefined;
    readonly requestId?: string | undefined;
  },
): SdkError {
  const text = error instanceof Error ? `${error.name}: ${serverText(error.message)}` : 'not an error object';
  return new SdkError(text, seen.code, seen.status, seen.requestId);
}
