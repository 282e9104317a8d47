import type { HttpAnswer } from '../../http/exchange.js';
import { elementText } from '../../request/xml-text.js';

/** An answer that refuses a request, with the same fields as the SDK's own errors. */
export class S3AnswerError extends Error {
  readonly Code: string | undefined;
  readonly Region: string | undefined;
  readonly Endpoint: string | undefined;
  readonly $metadata: { readonly httpStatusCode: number; readonly requestId: string | undefined };
  readonly $response: { readonly statusCode: number; readonly headers: Readonly<Record<string, string>> };

  constructor({ status, headers, pieces }: HttpAnswer) {
    const text = Buffer.concat(pieces).toString('utf8');
    super(elementText(text, 'Message') ?? '');
    this.Code = elementText(text, 'Code');
    this.name = this.Code ?? 'UnknownError';
    this.Region = elementText(text, 'Region');
    this.Endpoint = elementText(text, 'Endpoint');
    this.$metadata = { httpStatusCode: status, requestId: headers.get('x-amz-request-id') };
    this.$response = { statusCode: status, headers: headers.all() };
  }
}
