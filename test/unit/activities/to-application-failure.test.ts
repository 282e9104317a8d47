import { DefaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { createRedact } from '../../../src/domain/text/redact-secrets.js';
import { toApplicationFailure } from '../../../src/activities/to-application-failure.js';
import { failureClasses, type FailureClass } from '../../../src/domain/failure-classes.js';
import { Failure, toFailure } from '../../../src/domain/failure.js';

const canary = 'Canary0Secret+Value/Zz==';
const redact = createRedact([canary]);
const moving = { stage: 'moving', redact } as const;

describe('the failure that Temporal keeps', () => {
  test('never holds a secret, a stack or its cause', () => {
    const cause = Object.assign(new Error(`request with key ${canary}`), { headers: { authorization: canary } });
    const failures = [
      new Failure('SourceAuth', `GET https://a.blob/c?sv=1&sig=${canary} was refused`, { cause, what: 'account east' }),
      new Failure('SourceNetwork', `AccountKey=${canary};EndpointSuffix=x`, { cause }),
      toFailure(Object.assign(new TypeError(`Bearer ${canary} is not a function`), { cause })),
      toFailure(canary),
    ];
    const converter = new DefaultFailureConverter();
    for (const failure of failures) {
      const kept = converter.errorToFailure(toApplicationFailure(failure, moving), defaultPayloadConverter);
      const payloads = kept.applicationFailureInfo?.details?.payloads ?? [];
      const text = JSON.stringify(kept) + payloads.map(({ data }) => Buffer.from(data ?? []).toString()).join();
      expect(text).not.toContain(canary);
      expect(text).not.toContain('Canary0Secret');
      expect(text).not.toContain(import.meta.filename);
      expect(kept.stackTrace).toBe('');
      expect(kept.cause ?? undefined).toBeUndefined();
    }
  });

  test('removes signatures even when it was not told of them', () => {
    const text = 'PUT https://h/b/k?X-Amz-Signature=abcdef123456 and sig=qwertz%3D&x and AccountKey=Eby8vdM==;';
    const clean = createRedact([])(text);
    for (const secret of ['abcdef123456', 'qwertz', 'Eby8vdM']) expect(clean).not.toContain(secret);
    expect(clean).toContain('https://h/b/k');
  });

  test('says what to do next, within a kilobyte of message', () => {
    const failure = toApplicationFailure(new Failure('SourceForbidden', 'x'.repeat(10_000)), moving);
    expect(failure.message).toContain(`Next: ${failureClasses.SourceForbidden.hint}`);
    expect(failure.message.length).toBeLessThan(1_300);
  });

  const classes = Object.keys(failureClasses) as FailureClass[];
  const finalOf = (options: Parameters<typeof toApplicationFailure>[1]) =>
    classes.filter((name) => toApplicationFailure(new Failure(name, 'm'), options).nonRetryable === true).sort();

  test('is final while units move only if no worker can get past it', () => {
    expect(finalOf(moving)).toEqual([
      'ConfigError',
      'ConfigError/Changed',
      'ConfigError/Key',
      'ConfigError/KeyCollision',
      'Superseded',
      'TargetCapability',
    ]);
  });

  test('is final in prepare if an operator must act first', () => {
    const final = finalOf({ stage: 'preparing', redact });
    for (const name of ['SourceAuth', 'SourceForbidden', 'TargetMissing', 'ConfigError/Credential', 'LedgerMismatch'])
      expect(final).toContain(name);
    for (const name of ['SourceNetwork', 'TargetThrottled', 'SourceAuthUnavailable', 'FormatTooNew', 'Unexpected'])
      expect(final).not.toContain(name);
  });

  test('is final in prepare, whatever it is, at the last attempt', () => {
    expect(finalOf({ stage: 'preparing', redact, lastAttempt: true })).toEqual([...classes].sort());
  });
});
