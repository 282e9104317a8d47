import type { S3Client } from '@aws-sdk/client-s3';
import { Readable, Transform } from 'node:stream';
import { AnswerTooLarge } from '../../request/answer-too-large.js';
import { field } from '../../request/error-fields.js';

// A page of 1,000 keys or parts has less than 3 MB, however long the keys are.
const answerBytesMax = 16 * 1024 * 1024;

/**
 * Bounds every answer that the SDK reads into memory: a larger one fails with {@link AnswerTooLarge} before it is
 * held. Bodies of objects are streams, whose readers bound them.
 */
export function boundAnswers(client: S3Client): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const status = field(result.response, 'statusCode');
      const isObject = context.commandName === 'GetObjectCommand' && (status === 200 || status === 206);
      const body = field(result.response, 'body');
      if (!isObject && body instanceof Readable) (result.response as { body: Readable }).body = bounded(body);
      return result;
    },
    // Of low priority, and so nearer to the connection than what reads the body.
    { name: 'boundAnswers', step: 'deserialize', priority: 'low' },
  );
}

function bounded(body: Readable): Readable {
  let bytes = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > answerBytesMax) done(new AnswerTooLarge(answerBytesMax));
      else done(null, chunk);
    },
  });
  // An answer that breaks before the SDK reads it must not end the process; the SDK's read reports it.
  limit.on('error', ignoreUntilRead);
  body.on('error', (error) => limit.destroy(error));
  limit.on('close', () => body.destroy());
  return body.pipe(limit);
}

function ignoreUntilRead(): void {
  // The stream keeps the error.
}
