import { z } from 'zod';
import { requestsPerSecondMin } from '../../domain/definition.js';
import { endpoint } from './endpoint.js';
import { section } from './section.js';
import { textLike } from './texts.js';

const accountName = textLike(
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/,
  'not a valid account name',
  'use up to 63 letters, digits, hyphens and underscores',
);

const accountSchema = section({
  endpoint: endpoint.describe("The account's URL, also path-style: `http://127.0.0.1:10000/prodeast`"),
  credential: textLike(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'not a valid credential name',
    'use lower-case letters, digits and hyphens; the secret itself belongs on the workers, never in this file',
  )
    .describe('Name of a credential, which the workers resolve. Default: the Azure identity chain')
    .exactOptional(),
  requestsPerSecond: z
    .number()
    .min(requestsPerSecondMin)
    .describe('Most requests a second, at least 1, of all worker processes together. Default: no limit')
    .exactOptional(),
});

/** `accounts`: the source accounts by name, at least one. */
export const accountsSchema = z.record(accountName, accountSchema).superRefine((accounts, context) => {
  if (Object.keys(accounts).length > 0) return;
  context.addIssue({ code: 'custom', message: 'there is no account', params: { hint: 'define at least one' } });
});
