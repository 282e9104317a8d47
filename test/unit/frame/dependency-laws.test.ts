import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import laws from '../../../.dependency-cruiser.js';

/** One import, and the laws that it breaks. */
interface Edge {
  readonly from: string;
  readonly statement: string;
  readonly breaks: readonly string[];
}

const edges: readonly Edge[] = [
  breach('src/domain/a.ts', "import 'node:fs'", 'domain-imports-nothing'),
  breach('src/domain/b.ts', "import 'zod'", 'domain-imports-nothing'),
  breach('src/domain/c.ts', "import type { port } from '../pipeline/port.js'", 'domain-imports-nothing'),
  lawful('src/domain/d.ts', "import './unit.js'"),

  breach('src/pipeline/a.ts', "import '../stores/store.js'", 'pipeline-imports-only-domain'),
  breach('src/pipeline/b.ts', "import '@temporalio/common'", 'pipeline-knows-no-temporal'),
  breach('src/pipeline/c.ts', "import '@azure/storage-blob'", 'azure-only-in-stores'),
  lawful('src/pipeline/d.ts', "import '../domain/unit.js'; import 'node:stream'; import 'zod'"),

  breach('src/stores/a.ts', "import '../definition/file.js'", 'stores-import-only-domain-and-pipeline'),
  breach('src/stores/b.ts', "import '@temporalio/activity'", 'stores-know-no-temporal'),
  lawful('src/stores/c.ts', "import '../pipeline/port.js'; import '@azure/storage-blob'; import '@aws-sdk/client-s3'"),

  breach('src/commands/a.ts', "import '@azure/storage-blob'", 'azure-only-in-stores'),
  breach('src/local/a.ts', "import '@aws-sdk/client-s3'", 'aws-only-in-stores'),
  breach('src/worker.ts', "import type { S3 } from '@aws-sdk/client-s3'", 'aws-only-in-stores'),

  breach('src/activities/a.ts', "import '../stores/store.js'", 'activities-import-only-domain-and-pipeline'),
  breach('src/activities/b.ts', "import '@temporalio/client'", 'activities-use-only-the-activity-side-of-temporal'),
  lawful('src/activities/c.ts', "import '../pipeline/port.js'; import '@temporalio/activity'"),

  breach('src/workflows/a.ts', "import type { file } from '../definition/file.js'", 'workflows-import-only-domain'),
  breach('src/workflows/b.ts', "import { move } from '../activities/move.js'", 'workflows-see-activities-as-types'),
  breach('src/workflows/c.ts', "import 'node:crypto'", 'workflows-use-no-node'),
  breach('src/workflows/d.ts', "import 'zod'", 'workflows-use-only-temporal'),
  breach('src/workflows/e.ts', "import '@temporalio/client'", 'workflows-use-only-temporal'),
  lawful(
    'src/workflows/f.ts',
    "import '../domain/unit.js'; import './messages.js'; import type { move } from '../activities/move.js'; " +
      "import '@temporalio/workflow'; import '@temporalio/common'",
  ),

  breach('src/definition/a.ts', "import '../pipeline/port.js'", 'definition-imports-only-domain'),
  breach('src/definition/b.ts', "import '@temporalio/common'", 'definition-knows-no-temporal'),
  lawful('src/definition/c.ts', "import '../domain/unit.js'; import 'zod'"),

  breach('src/commands/b.ts', "import '../stores/store.js'", 'commands-import-only-what-a-client-may-know'),
  breach(
    'src/commands/c.ts',
    "import '../workflows/activity-options.js'",
    'commands-import-only-what-a-client-may-know',
  ),
  lawful(
    'src/commands/d.ts',
    "import '../workflows/messages.js'; import '../local/stack.js'; import '../definition/file.js'; " +
      "import type { store } from '../stores/store.js'; import type { env } from '../env.js'; import '@temporalio/client'",
  ),

  breach('src/local/b.ts', "import '../domain/unit.js'", 'local-imports-nothing-of-ours'),
  lawful('src/local/c.ts', "import './stack.js'; import 'node:child_process'"),

  breach(
    'src/stores/d.ts',
    "import '../client.js'",
    'nobody-imports-a-program',
    'stores-import-only-domain-and-pipeline',
  ),
  breach(
    'src/commands/e.ts',
    "import '../env.js'",
    'environment-only-in-programs',
    'commands-import-only-what-a-client-may-know',
  ),
  breach('src/commands/f.ts', "import type { wire } from '../client/wire.js'", 'wiring-belongs-to-its-program'),
  breach('src/worker/a.ts', "import '../client/wire.js'", 'wiring-belongs-to-its-program'),
  lawful('src/client/a.ts', "import './wire.js'; import '../stores/store.js'"),
  lawful(
    'src/client.ts',
    "import './env.js'; import './stores/store.js'; import './commands/d.js'; import './client/wire.js'",
  ),

  breach('src/stores/e.ts', "import '../../test/support/fake.js'", 'sources-import-no-tests-or-tools'),
  breach('src/stores/f.ts', "import 'fast-check'", 'sources-use-no-development-packages'),
  breach('src/stores/g.ts', "import 'not-a-package'", 'everything-resolves'),
  breach('src/stores/h.ts', "import './i.js'", 'no-cycles'),
  // A cycle is reported once, at the module where it was first met.
  lawful('src/stores/i.ts', "import './h.js'"),
  breach('src/stores/alone.ts', '', 'no-orphans'),
  lawful('test/unit/a.test.ts', "import '../../src/worker.js'; import 'fast-check'; import '@azure/storage-blob'"),
];

/** What the edges lead to; each imports something harmless, so as not to be an orphan. */
const leaves = {
  'src/domain/unit.ts': 'export const unit = 1;',
  'src/pipeline/port.ts': "import '../domain/unit.js'; export type port = number;",
  'src/stores/store.ts': "import '../domain/unit.js'; export type store = number;",
  'src/definition/file.ts': "import '../domain/unit.js'; export type file = number;",
  'src/activities/move.ts': "import '../domain/unit.js'; export const move = 1;",
  'src/workflows/messages.ts': "import '../domain/unit.js';",
  'src/workflows/activity-options.ts': "import '../domain/unit.js';",
  'src/local/stack.ts': "import 'node:fs';",
  'src/client/wire.ts': "import '../domain/unit.js'; export type wire = number;",
  'src/env.ts': "import 'zod'; export type env = number;",
  'test/support/fake.ts': '',
};

const dependencies = ['@aws-sdk/client-s3', '@azure/storage-blob', 'zod'].concat(
  ['activity', 'client', 'common', 'workflow'].map((name) => `@temporalio/${name}`),
);

describe('the dependency laws', () => {
  let top: string;
  let broken: ReadonlyMap<string, readonly string[]>;

  beforeAll(async () => {
    top = mkdtempSync(join(tmpdir(), 'longhaul-laws-'));
    writeTree(top);
    broken = await lawsBrokenByModule(top);
  });

  afterAll(() => rmSync(top, { recursive: true }));

  it.each(edges.filter(({ breaks }) => breaks.length > 0))('refuse $statement in $from', ({ from, breaks }) => {
    expect(broken.get(from)).toEqual([...breaks].sort());
  });

  it.each(edges.filter(({ breaks }) => breaks.length === 0))('allow $statement in $from', ({ from }) => {
    expect(broken.get(from) ?? []).toEqual([]);
  });

  it('are each shown to be broken by an example', () => {
    const shown = new Set(edges.flatMap(({ breaks }) => breaks));
    expect((laws.forbidden ?? []).map(({ name }) => name).filter((name) => !shown.has(name ?? ''))).toEqual([]);
  });

  it('each give their reason', () => {
    expect((laws.forbidden ?? []).filter(({ comment = '' }) => comment.length < 20)).toEqual([]);
  });
});

function breach(from: string, statement: string, ...breaks: string[]): Edge {
  return { from, statement, breaks };
}

function lawful(from: string, statement: string): Edge {
  return { from, statement, breaks: [] };
}

function writeTree(top: string): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), text);
  };
  const listed = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '1.0.0']));
  write(
    'package.json',
    JSON.stringify({ type: 'module', dependencies: listed(dependencies), devDependencies: listed(['fast-check']) }),
  );
  for (const name of [...dependencies, 'fast-check']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: './index.js' }));
    write(`node_modules/${name}/index.js`, '');
  }
  for (const [path, text] of Object.entries(leaves)) write(path, text);
  for (const { from, statement } of edges) write(from, `${statement};\n`);
}

async function lawsBrokenByModule(top: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { tsConfig: _notInTheTree, ...options } = laws.options ?? {};
  const result = await cruise(['src', 'test'], {
    ...options,
    baseDir: top,
    validate: true,
    ruleSet: { forbidden: laws.forbidden ?? [] },
  });
  const broken = new Map<string, string[]>();
  for (const { from, rule } of (result.output as ICruiseResult).summary.violations) {
    broken.set(from, [...new Set([...(broken.get(from) ?? []), rule.name])].sort());
  }
  return broken;
}
