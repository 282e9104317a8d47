import { serialize } from 'node:v8';
import { format, inspect } from 'node:util';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/domain/text/secret.js';

const value = 'canary-of-a-secret';
const secret = new Secret(value);
const asObject: object = secret;
const account = { name: 'east', key: secret };

function logged(fields: object): string {
  let text = '';
  pino({}, { write: (line) => (text += line) }).info(fields, `with ${String(secret)}`);
  return text;
}

describe('a secret', () => {
  it.each([
    ['a template', () => `key ${secret as unknown as string}`],
    ['a concatenation', () => 'key ' + (secret as unknown as string)],
    ['String', () => String(secret)],
    ['JSON', () => JSON.stringify(account)],
    ['inspect', () => inspect(account)],
    [
      'inspect of hidden fields, without custom forms',
      () => inspect(account, { showHidden: true, customInspect: false }),
    ],
    ['%s, %o and %j', () => format('%s %o %j', secret, account, account)],
    ['a spread', () => inspect({ ...asObject }, { showHidden: true }) + JSON.stringify({ ...asObject })],
    ['a clone', () => inspect(structuredClone(account)) + serialize(account).toString('latin1')],
    ['an error', () => inspect(new Error('failed', { cause: account }), { depth: 9, showHidden: true })],
    ['a log', () => logged(account)],
  ])('does not show in %s', (_where, print) => {
    expect(print()).not.toContain(value);
  });

  it('shows as three stars', () => {
    expect([String(secret), JSON.stringify(account), inspect(account)]).toEqual([
      '***',
      '{"name":"east","key":"***"}',
      "{ name: 'east', key: *** }",
    ]);
  });

  it('is told from another, and returned to whoever asks for it', () => {
    expect([secret.equals(new Secret(value)), secret.equals(new Secret('other'))]).toEqual([true, false]);
    expect(secret.reveal()).toBe(value);
  });
});
