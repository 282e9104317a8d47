import type { Pipeline } from '@azure/storage-blob';
import { Failure } from '../../domain/failure.js';
import { boundedText } from '../request/bounded-text.js';

/**
 * A page of 5,000 blobs has about 4 MB; if names and metadata are longer, smaller pages are requested. Not more,
 * because the SDK parses a page in one go: eight hostile megabytes hold up a process for seconds.
 */
export const answerBytesMax = 8 * 1024 * 1024;

/** What a pipeline of the SDK keeps besides what its type lists: the client that sends its requests. */
interface SendingPipeline {
  _coreHttpClient?: { readonly sendRequest: Send } | undefined;
}

type Send = (request: SdkRequest) => Promise<SdkResponse>;

interface SdkRequest {
  /** Statuses whose body is returned as a stream; all other bodies are read into memory, whatever their size. */
  streamResponseStatusCodes?: Set<number>;
}

interface SdkResponse {
  readonly status: number;
  readonly readableStreamBody?: NodeJS.ReadableStream;
  readonly bodyAsText?: string | null;
}

/**
 * Bounds every answer that the SDK would read into memory: a larger one rejects with {@link AnswerTooLarge} before it
 * is held. The SDK has no option for this. The pipeline must have been used to create a client; clients created from
 * it afterwards are bounded.
 */
export function boundAnswers(pipeline: Pipeline): void {
  const sending = pipeline as SendingPipeline;
  const unbounded = sending._coreHttpClient;
  if (unbounded === undefined)
    throw new Failure('InternalPlanError', 'this version of @azure/storage-blob does not let answers be bounded');
  sending._coreHttpClient = { sendRequest: (request) => sendBounded((each) => unbounded.sendRequest(each), request) };
}

async function sendBounded(send: Send, request: SdkRequest): Promise<SdkResponse> {
  const { streamResponseStatusCodes: streamed } = request;
  // The SDK takes this for "every status".
  request.streamResponseStatusCodes = new Set([Number.POSITIVE_INFINITY]);
  try {
    const { readableStreamBody: body, ...response } = await send(request);
    if (body === undefined || streamed?.has(response.status) === true)
      return body === undefined ? response : { ...response, readableStreamBody: body };
    return { ...response, bodyAsText: await boundedText(body as AsyncIterable<Uint8Array | string>, answerBytesMax) };
  } finally {
    // Also decides whether the SDK parses the body.
    if (streamed === undefined) delete request.streamResponseStatusCodes;
    else request.streamResponseStatusCodes = streamed;
  }
}
