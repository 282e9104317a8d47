import { describe, expect, it } from 'vitest';
import { rootDetails } from '../../../src/client/root-details.js';
import type { Definition } from '../../../src/domain/definition.js';
import { smallDefinition } from '../../support/fakes/memory-migration.js';

const detailsOf = (definition: Definition, round = 0) =>
  rootDetails({ definition, round, total: 60_000, taskQueue: 'bulk' });

describe('the details of a root', () => {
  const find = [{ account: 'east', container: 'events', prefix: 'logs/', each: {}, optional: false }];
  const definition = smallDefinition({ find });
  const { name, target } = definition;

  it('have lists that Markdown takes for lists: each follows an empty line', () => {
    const lines = detailsOf(definition).split('\n');
    const starts = [...lines.keys()].filter((at) => lines[at]?.startsWith('- ') && !lines[at - 1]?.startsWith('- '));
    expect(starts.length).toBe(3);
    expect(starts.map((at) => lines[at - 1])).toEqual(['', '', '']);
  });

  it('name the whole key of the ledger, and the task queue of its workers', () => {
    const text = detailsOf(definition, 2);
    const { bucket, prefix } = target.control;
    expect(text).toContain(`- ledger: \`s3://${bucket}/${prefix}/${name}/r0002/ledger/\``);
    expect(text).toContain('`LONGHAUL_TASK_QUEUE=bulk`');
    expect(detailsOf({ ...definition, name: 'plan/orders' })).toContain(`/${prefix}/orders/plan/r0000/ledger/`);
  });

  it('say what a root does: a plan and a verification move nothing, and a verification asks no account', () => {
    expect(detailsOf(definition)).toContain('**orders** moves 60,000 units of `units.csv` in round 0.');
    expect(detailsOf({ ...definition, name: 'plan/orders' })).toMatch(/ looks at 60,000 units .*, and moves nothing\./);
    const verification = detailsOf({ ...definition, name: 'verify/orders' });
    expect(verification).toMatch(/ compares what is in the target for 60,000 units .*, and moves nothing\./);
    expect(verification).not.toContain('From:');
  });

  it('list some accounts of many, and say how many more there are', () => {
    const account = { endpoint: 'https://a.example' };
    const accounts = Object.fromEntries(Array.from({ length: 100 }, (_, number) => [`a${String(number)}`, account]));
    const text = detailsOf({ ...definition, accounts });
    expect(text).toContain('- and 60 more accounts');
    expect(text.match(/- account /g)).toHaveLength(40);
  });
});
