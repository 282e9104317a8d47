import { z } from 'zod';

/** The URL of a store: http or https, without user, query and fragment, not at a link-local address. */
export const endpoint = z.string().superRefine((text, context) => {
  const problem = endpointProblem(text);
  if (problem !== undefined)
    context.addIssue({ code: 'custom', message: problem.message, params: { hint: problem.hint } });
});

function endpointProblem(text: string): { readonly message: string; readonly hint: string } | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return { message: 'not the URL of a store', hint: 'write it as https://host or http://host:port/account' };
  }
  // What follows the question mark is usually a SAS token.
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return {
      message: 'an endpoint must not have a user, query or fragment',
      hint: 'a secret belongs on the workers: name it in `credential`',
    };
  }
  if (/^(169\.254\.|\[fe[89ab])/i.test(url.hostname) || /^\[::ffff:a9fe:/i.test(url.hostname)) {
    return { message: 'it points at a link-local address', hint: 'use the address of a store' };
  }
  return undefined;
}
