import type { HttpAnswer } from '../../http/exchange.js';

/** An answer that refuses a request, with the same fields as the SDK's own errors. */
export class AzureAnswerError extends Error {
  override readonly name = 'RestError';
  readonly statusCode: number;
  readonly response: { readonly headers: { get(name: string): string | undefined } };

  constructor({ status, headers, pieces }: HttpAnswer) {
    super(/<Message>([^<]*)<\/Message>/.exec(Buffer.concat(pieces).toString('utf8'))?.[1] ?? '');
    this.statusCode = status;
    this.response = { headers };
  }
}
