import { describe, expect, it } from 'vitest';
import { Failure, toFailure } from '../../../src/domain/failure.js';

describe('Failure', () => {
  it('carries its class, its context and its cause', () => {
    const cause = new Error('socket hang up');
    const failure = new Failure('SourceThrottled', 'list east/events: busy', {
      cause,
      blob: 'east/events/a',
      what: 'account east',
      retryAfterMs: 5_000,
    });
    expect(failure).toBeInstanceOf(Error);
    expect(failure).toMatchObject({
      name: 'Failure',
      failureClass: 'SourceThrottled',
      message: 'list east/events: busy',
      cause,
      blob: 'east/events/a',
      what: 'account east',
      retryAfterMs: 5_000,
      row: { retry: 'after', scope: 'account' },
    });
  });

  it('has no cause when none was given', () => {
    expect('cause' in new Failure('EmptyUnit', 'no blob')).toBe(false);
  });
});

describe('toFailure', () => {
  it('returns a failure itself', () => {
    const failure = new Failure('EmptyUnit', 'no blob');
    expect(toFailure(failure)).toBe(failure);
  });

  it('finds a failure among the causes', () => {
    const failure = new Failure('SourceAuth', 'expired');
    expect(toFailure(new Error('outer', { cause: new Error('inner', { cause: failure }) }))).toBe(failure);
  });

  it('recognises by its class a failure that another copy of the code made', () => {
    const foreign = Object.assign(new Error('expired'), { failureClass: 'SourceAuth' });
    expect(toFailure(foreign)).toMatchObject({ failureClass: 'SourceAuth', message: 'expired', cause: foreign });
  });

  it('does not believe a class that is not in the table', () => {
    const foreign = Object.assign(new Error('odd'), { failureClass: 'NoSuchClass' });
    expect(toFailure(foreign).failureClass).toBe('Unexpected');
  });

  it.each([
    [new TypeError('x is not a function'), 'TypeError: x is not a function'],
    ['text', 'text'],
    [undefined, 'undefined'],
    [null, 'null'],
    [42, '42'],
  ])('wraps %s as unexpected', (error, message) => {
    expect(toFailure(error)).toMatchObject({ failureClass: 'Unexpected', message, context: { cause: error } });
  });

  it('ends when the chain of causes is a ring', () => {
    const a = new Error('a');
    a.cause = new Error('b', { cause: a });
    expect(toFailure(a)).toMatchObject({ failureClass: 'Unexpected', cause: a });
  });
});
