import { describe, expect, it } from 'vitest';
import { identityOf } from '../../../src/domain/definition.js';
import { smallDefinition } from '../../support/fakes/memory-migration.js';

const definition = smallDefinition();

describe('identityOf', () => {
  it('does not change with speed, limits and request rates, which may change during a run', () => {
    const { accounts } = definition;
    const tuned = {
      ...definition,
      speed: { ...definition.speed, unitsInFlight: 1 },
      limits: { ...definition.limits, unitBlobs: 1 },
      accounts: { ...accounts, east: { ...accounts['east']!, requestsPerSecond: 5 } },
    };
    expect(identityOf(tuned)).toEqual(identityOf(definition));
  });

  it.each([
    ['an endpoint', { accounts: { east: { endpoint: 'https://other.example' } } }],
    ['a credential', { accounts: { east: { endpoint: 'https://east.example', credential: 'x' } } }],
    ['the order', { order: 'lookup' as const }],
    ['the target', { target: { ...definition.target, bucket: 'other' } }],
    ['the transform', { transform: { ...definition.transform, level: 9 } }],
    ['the name', { name: 'other' }],
  ])('changes with %s', (_, change) => {
    expect(identityOf({ ...definition, ...change })).not.toEqual(identityOf(definition));
  });
});
