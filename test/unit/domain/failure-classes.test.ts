import { describe, expect, it } from 'vitest';
import { failureClasses, failureClassRow, isFailureClass } from '../../../src/domain/failure-classes.js';

const rows = Object.entries(failureClasses).map(([name]) => ({
  name,
  row: failureClassRow(name as keyof typeof failureClasses),
}));

// What the promises about faults demand of a class: whether it may be tried again, and whether it waits for somebody.
const promised: [name: string, retry: 'no' | 'yes' | 'after', blocks?: boolean][] = [
  ['CorruptInput', 'no'],
  ['CorruptInput/EmptyFile', 'no'],
  ['CorruptInput/Truncated', 'no'],
  ['CorruptInput/BlockCrc', 'no'],
  ['CorruptInput/StreamCrc', 'no'],
  ['CorruptInput/TrailingGarbage', 'no'],
  ['CorruptInput/BadMagic', 'no'],
  ['EmptyUnit', 'no'],
  ['Incomplete', 'no'],
  ['LimitExceeded/BlobBytes', 'no'],
  ['LimitExceeded/UnitBytes', 'no'],
  ['LimitExceeded/UnitBlobs', 'no'],
  ['LimitExceeded/Expansion', 'no'],
  ['LimitExceeded/Parts', 'no'],
  ['SourceNetwork', 'yes'],
  ['SourceNetwork/ShortRead', 'yes'],
  ['SourceStalled', 'yes'],
  ['SourceThrottled', 'after'],
  ['SourceChanged', 'no'],
  ['SourceMissing', 'no'],
  ['SourceArchived', 'no'],
  ['SourceRefused', 'no'],
  ['SourceAuth', 'after', true],
  ['SourceForbidden', 'after', true],
  ['SourceMd5Mismatch', 'no'],
  ['SourceProtocol', 'yes'],
  ['SourceListing', 'yes'],
  ['UnsupportedName', 'no'],
  ['ClockSkew', 'no'],
  ['SourceAuthUnavailable', 'after'],
  ['TargetThrottled', 'after'],
  ['TargetNetwork', 'yes'],
  ['TargetUnknownOutcome', 'yes'],
  ['TargetConflict', 'no'],
  ['TargetRefused', 'no'],
  ['TargetRace', 'yes'],
  ['TargetUploadGone', 'yes'],
  ['TargetIntegrity', 'yes'],
  ['Poison', 'no'],
  ['InternalPlanError', 'no'],
  ['TargetAuth', 'after', true],
  ['TargetForbidden', 'after', true],
  ['TargetMissing', 'after', true],
  ['TargetFull', 'after', true],
  ['TargetCapability', 'no'],
  ['WorkerResource', 'yes'],
  ['WorkerResource/Disk', 'after'],
  ['ConfigError', 'no'],
  ['ConfigError/Credential', 'after', true],
  ['ConfigError/KeyCollision', 'no'],
  ['ConfigError/Changed', 'no'],
  ['ConfigError/Key', 'no'],
  ['ConfigError/Endpoint', 'after', true],
  ['LedgerMismatch', 'after', true],
  ['LedgerLost', 'after', true],
  ['FormatTooNew', 'after'],
  ['Superseded', 'no'],
];

describe('the failure table', () => {
  it.each(promised)('has %s with retry %s', (name, retry, blocks = false) => {
    expect(isFailureClass(name)).toBe(true);
    const row = rows.find((candidate) => candidate.name === name)?.row;
    // Short of something on this machine: whether soon or later is the worker's business, but never "no".
    if (name === 'WorkerResource') expect(row?.retry).not.toBe('no');
    else expect(row?.retry).toBe(retry);
    expect(row?.blocks === true).toBe(blocks);
  });

  it.each(rows)('says what to do about $name', ({ row }) => {
    expect(row.hint.trim()).not.toBe('');
    expect(row.hint).not.toMatch(/\.$/);
  });

  it.each(rows)('is consistent about $name', ({ name, row }) => {
    // A class that waits for somebody is never a unit's own fault, and always worth another try later.
    if (row.blocks === true) {
      expect(row.scope).not.toBe('unit');
      expect(row.retry).toBe('after');
      expect(row.exit).toBe(7);
    }
    // Only a failure that would become a receipt is confirmed by moving the unit once more.
    if (row.confirm === true) expect(row).toMatchObject({ retry: 'no', scope: 'unit' });
    // What fails a unit for good makes a migration end with status 3, and a verification with 4.
    const exits = /^VerifyMismatch\//.test(name) ? [4] : [1, 3];
    if (row.scope === 'unit' && row.retry === 'no') expect(exits).toContain(row.exit);
  });

  it('confirms every kind of damage before a unit fails by it', () => {
    const damaged = rows.filter(({ name }) => /^CorruptInput|^SourceMd5Mismatch$|^SourceLengthMismatch$/.test(name));
    expect(damaged.length).toBeGreaterThanOrEqual(9);
    for (const { row } of damaged) expect(row.confirm).toBe(true);
  });

  it('confirms a refusal of one blob or one object before the unit fails by it', () => {
    expect(failureClassRow('SourceRefused').confirm).toBe(true);
    expect(failureClassRow('TargetRefused').confirm).toBe(true);
  });

  it('knows no inherited names', () => {
    expect(['toString', 'constructor', '__proto__', '', 'corruptInput'].map(isFailureClass)).not.toContain(true);
  });
});
