import { textField } from '../request/error-fields.js';

/** Node's codes for faults that undici names differently, so that they are reported and judged as with the SDKs. */
const nodeCodes: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'ECONNRESET',
  UND_ERR_ABORTED: 'ECONNRESET',
  UND_ERR_DESTROYED: 'ECONNRESET',
  UND_ERR_CLOSED: 'ECONNRESET',
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
};

/** Returns the error of a connection with a code of Node's; most have one already. */
export function connectionError(error: Error): Error {
  const code = nodeCodes[textField(error, 'code') ?? ''];
  return code === undefined ? error : Object.assign(new Error(error.message, { cause: error }), { code });
}
