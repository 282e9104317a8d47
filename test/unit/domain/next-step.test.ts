import { describe, expect, it } from 'vitest';
import type { Phase } from '../../../src/domain/figures/progress.js';
import { nextStep } from '../../../src/domain/next-step.js';

const words = {
  about: (verb: string, more = '') => `${verb} IT${more}`,
  of: (verb: string, name: string) => `${verb} ${name}`,
  ofFile: (verb: string, more = '') => `${verb} FILE${more}`,
};
const step = (name: string, phase: Phase) => nextStep({ name, phase, isStarted: true, blocked: [] }, words);

describe('the next step', () => {
  it('after a verification is about the migration that was verified', () => {
    expect(step('verify/orders', 'completed')).toBe('verify again: verify orders');
    expect(step('verify/orders', 'completed-with-failures')).toBe(
      'see what differs: failures IT; then repair it: retry orders',
    );
  });

  it('after a plan or a migration is about itself', () => {
    expect(step('plan/orders', 'completed')).toBe('see what it found: plan FILE');
    expect(step('orders', 'completed')).toBe('to move what has changed since: start FILE --again');
    expect(step('orders', 'completed-with-failures')).toBe(
      'see what has failed: failures IT; then move it again: retry IT',
    );
  });
});
