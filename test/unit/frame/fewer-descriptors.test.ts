import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { listBelow } from '../../../scripts/lib/build-inputs.mjs';
import { calledMethods } from '../../../scripts/lib/fewer-descriptors.mjs';

it('the descriptors in the bundle of the command line have every call that it makes', () => {
  const sources = ['src/client', 'src/commands', 'src/local'].flatMap(listBelow).filter((path) => path.endsWith('.ts'));
  const calls = sources.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/\b(workflow|operator)Service\.(\w+)\(/g)].map(([, service, method]) => ({
      service,
      method: String(method).replace(/^./, (first) => first.toUpperCase()),
    })),
  );
  expect(calls.length).toBeGreaterThan(3);
  for (const { service, method } of calls)
    expect(service === 'workflow' ? calledMethods.WorkflowService : calledMethods.OperatorService).toContain(method);
});
