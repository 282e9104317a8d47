import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { listBelow } from '../../../../scripts/lib/build-inputs.mjs';
import { calledMethods, fewerDescriptors } from '../../../../scripts/lib/fewer-descriptors.mjs';

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

it('what is left of the descriptors refers to nothing that was dropped', () => {
  const path = resolve('node_modules/@temporalio/proto/protos/json-module.js');
  const [, text = ''] = /JSON\.parse\((".*")\)\);$/s.exec(String(fewerDescriptors().load(path))) ?? [];
  const { Root } = createRequire(path)('protobufjs/light') as {
    readonly Root: new () => { addJSON(json: object): { resolveAll(): void } };
  };
  const root = new Root().addJSON(JSON.parse(JSON.parse(text) as string) as object);
  expect(() => root.resolveAll()).not.toThrow();
});
