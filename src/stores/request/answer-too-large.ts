/** The error of an answer with more bytes than such an answer can have. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';

  constructor(readonly bytesMax: number) {
    super(`the answer has more than ${bytesMax} bytes`);
  }
}
