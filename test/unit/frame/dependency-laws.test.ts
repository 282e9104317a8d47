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
  breach('src/domain/c.ts', "import type { port } from '../pipeline/source/port.js'", 'domain-imports-nothing'),
  lawful('src/domain/d.ts', "import './unit.js'"),

  breach('src/flow/a.ts', "import '../control/record.js'", 'flow-imports-only-domain'),
  lawful('src/flow/b.ts', "import '../domain/unit.js'"),

  breach('src/control/a.ts', "import '../pipeline/source/port.js'", 'control-imports-only-domain-and-flow'),
  breach(
    'src/control/b.ts',
    "import type { wire } from '../client/wire.js'",
    'control-imports-only-domain-and-flow',
    'wiring-belongs-to-its-program',
  ),
  lawful('src/control/c.ts', "import '../domain/unit.js'; import '../flow/pace.js'; import 'zod'"),

  breach('src/definition/a.ts', "import '../control/record.js'", 'definition-imports-only-domain'),
  breach('src/definition/b.ts', "import '@temporalio/common'", 'core-knows-no-temporal'),
  lawful('src/definition/c.ts', "import '../domain/unit.js'; import 'zod'"),

  breach('src/shapes/a.ts', "import '../domain/unit.js'", 'shapes-imports-nothing'),
  breach('src/shapes/b.ts', "import 'node:fs'", 'shapes-imports-nothing'),
  lawful('src/shapes/c.ts', "import './shape.js'"),

  breach('src/explore/a.ts', "import '../definition/file.js'", 'explore-imports-only-shapes-and-source'),
  breach('src/explore/b.ts', "import '@temporalio/common'", 'core-knows-no-temporal'),
  lawful('src/explore/c.ts', "import '../shapes/shape.js'; import '../pipeline/source/port.js'"),

  breach('src/staging/a.ts', "import '../pipeline/source/port.js'", 'staging-imports-only-definition-and-control'),
  lawful('src/staging/b.ts', "import '../definition/file.js'; import '../control/record.js'"),

  breach('src/planning/a.ts', "import '../control/record.js'", 'planning-imports-only-domain'),
  lawful('src/planning/b.ts', "import '../domain/unit.js'; import 'zod'"),

  breach('src/reporting/a.ts', "import '../control/record.js'", 'reporting-imports-only-domain-and-planning'),
  lawful('src/reporting/b.ts', "import '../domain/unit.js'; import '../planning/b.js'"),
  breach('src/commands/report/a.ts', "import 'd3-scale'", 'd3-only-in-charts', 'sources-use-no-development-packages'),
  lawful('src/commands/charts/d3/a.ts', "import 'd3-scale'"),

  breach('src/pipeline/source/a.ts', "import '../decode/codec.js'", 'first-stages-know-no-other-stage'),
  breach('src/pipeline/decode/a.ts', "import '../source/port.js'", 'first-stages-know-no-other-stage'),
  breach('src/pipeline/pack/a.ts', "import '../../control/record.js'", 'first-stages-know-no-other-stage'),
  breach('src/pipeline/pack/b.ts', "import '@temporalio/common'", 'core-knows-no-temporal'),
  breach(
    'src/pipeline/source/c.ts',
    "import '@azure/storage-blob'",
    'azure-only-in-stores',
    'sources-use-no-development-packages',
  ),
  lawful(
    'src/pipeline/source/d.ts',
    "import '../../domain/unit.js'; import '../../flow/pace.js'; import 'node:stream'",
  ),
  breach('src/pipeline/discover/a.ts', "import '../decode/codec.js'", 'discover-imports-only-source'),
  lawful('src/pipeline/discover/b.ts', "import '../source/port.js'"),
  breach(
    'src/pipeline/unclaimed/a.ts',
    "import '../discover/b.js'",
    'unclaimed-imports-only-source-shapes-and-control',
  ),
  lawful('src/pipeline/unclaimed/b.ts', "import '../source/port.js'; import '../../control/record.js'"),
  breach(
    'src/pipeline/second-decoder/a.ts',
    "import '../pack/segment.js'",
    'second-decoder-imports-only-source-and-decode',
  ),
  lawful('src/pipeline/second-decoder/b.ts', "import '../source/port.js'; import '../decode/codec.js'"),
  breach('src/pipeline/join/a.ts', "import '../pack/segment.js'", 'join-imports-only-stages-before-it'),
  lawful('src/pipeline/join/b.ts', "import '../decode/codec.js'; import '../second-decoder/b.js'"),
  breach('src/pipeline/publish/a.ts', "import '../join/b.js'", 'publish-imports-only-pack-and-control'),
  lawful('src/pipeline/publish/b.ts', "import '../pack/segment.js'; import '../../control/record.js'"),
  breach('src/pipeline/verify/a.ts', "import '../source/port.js'", 'verify-imports-only-publish-unclaimed-and-control'),
  lawful('src/pipeline/verify/b.ts', "import '../publish/b.js'; import '../../control/record.js'"),
  breach(
    'src/pipeline/unit/a.ts',
    "import type { slice } from '../slice/slice.js'",
    'unit-imports-only-stages-and-control',
  ),
  lawful('src/pipeline/unit/b.ts', "import '../join/b.js'; import '../publish/b.js'; import '../../control/record.js'"),
  breach(
    'src/pipeline/slice/a.ts',
    "import '../source/port.js'",
    'slice-imports-only-unit-discover-verify-and-control',
  ),
  lawful('src/pipeline/slice/b.ts', "import '../unit/b.js'; import '../../control/record.js'"),
  breach('src/pipeline/slice/failing/a.ts', "import '../slice.js'", 'failing-imports-only-the-job-of-its-slice'),
  lawful('src/pipeline/slice/failing/b.ts', "import '../slice-job.js'; import './a.js'"),
  breach('src/pipeline/slice/telling/a.ts', "import '../slice.js'", 'telling-sees-the-attempt-as-types'),
  lawful(
    'src/pipeline/slice/telling/b.ts',
    "import type { slice } from '../slice.js'; import '../slice-job.js'; import './a.js'",
  ),
  breach('src/activities/d.ts', "import '../pipeline/slice/slice.js'", 'only-wiring-imports-slice'),
  lawful('src/activities/e.ts', "import type { slice } from '../pipeline/slice/slice.js'"),
  lawful('src/worker/b.ts', "import '../pipeline/slice/slice.js'"),

  breach('src/probes/a.ts', "import '../stores/a.js'", 'probes-import-only-what-they-try'),
  breach('src/probes/b.ts', "import '../pipeline/unit/b.js'", 'probes-import-only-what-they-try'),
  lawful('src/probes/c.ts', "import '../pipeline/source/port.js'; import '../control/record.js'"),

  breach('src/stores/a.ts', "import '../definition/file.js'", 'stores-import-only-domain'),
  breach('src/stores/b.ts', "import '@temporalio/activity'", 'core-knows-no-temporal'),
  breach('src/stores/j.ts', "import '../pipeline/source/port.js'", 'stores-see-ports-as-types'),
  breach('src/stores/k.ts', "import '../control/record.js'", 'stores-see-ports-as-types'),
  breach('src/stores/s3/answers/a.ts', "import '../s3-client.js'", 's3-answers-import-no-request'),
  lawful('src/stores/s3/answers/b.ts', "import './a.js'; import '../../store.js'"),
  breach(
    'src/stores/s3/requests/a.ts',
    "import '../s3-target.js'",
    's3-requests-import-only-their-session-and-answers',
  ),
  lawful('src/stores/s3/requests/b.ts', "import '../s3-client.js'; import '../answers/a.js'"),
  lawful(
    'src/stores/c.ts',
    "import type { port } from '../pipeline/source/port.js'; import type { S3Client } from '@aws-sdk/client-s3'; " +
      "import './sdk/a.js'",
  ),

  breach(
    'src/commands/a.ts',
    "import '@azure/storage-blob'",
    'azure-only-in-stores',
    'sources-use-no-development-packages',
  ),
  breach('src/local/a.ts', "import '@aws-sdk/client-s3'", 'aws-only-in-stores', 'sources-use-no-development-packages'),
  breach('src/worker.ts', "import type { S3 } from '@aws-sdk/client-s3'", 'aws-only-in-stores'),

  breach('src/activities/a.ts', "import '../stores/store.js'", 'activities-import-only-what-they-wrap'),
  breach('src/activities/b.ts', "import '@temporalio/client'", 'activities-use-only-the-activity-side-of-temporal'),
  lawful('src/activities/c.ts', "import '../pipeline/source/port.js'; import '@temporalio/activity'"),

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

  breach(
    'src/workflows/partition/a.ts',
    "import type { root } from '../migration/root.js'",
    'partition-never-imports-migration',
  ),
  breach('src/workflows/migration/a.ts', "import '../partition/range.js'", 'migration-sees-partition-as-types'),
  lawful('src/workflows/migration/b.ts', "import type { range } from '../partition/range.js'"),

  breach('src/commands/b.ts', "import '../stores/store.js'", 'commands-import-only-what-a-client-may-know'),
  breach(
    'src/commands/c.ts',
    "import '../workflows/activity-options.js'",
    'commands-import-only-what-a-client-may-know',
  ),
  lawful(
    'src/commands/d.ts',
    "import '../workflows/messages.js'; import '../local/stack.js'; import '../definition/file.js'; " +
      "import type { store } from '../stores/store.js'; import type { env } from '../env.js'",
  ),

  breach('src/commands/verbs/pause.ts', "import './watch.js'", 'no-verb-imports-another'),
  breach('src/commands/verbs/dev/up.ts', "import '../watch.js'", 'no-verb-imports-another'),
  lawful('src/commands/verbs/dev/down.ts', "import './up.js'; import '../../ports/port.js'"),
  breach('src/commands/ports/a.ts', "import '../../domain/unit.js'", 'command-ports-hold-types-alone'),
  lawful('src/commands/ports/b.ts', "import type { unit } from '../../domain/unit.js'"),
  breach('src/commands/screen/a.ts', "import '../verbs/watch.js'", 'screen-imports-ports-alone'),
  lawful('src/commands/screen/b.ts', "import '../ports/port.js'; import '../../domain/unit.js'"),

  breach('src/local/b.ts', "import '../domain/unit.js'", 'local-imports-nothing-of-ours'),
  lawful('src/local/c.ts', "import './stack.js'; import 'node:child_process'"),

  breach('src/stores/d.ts', "import '../client.js'", 'nobody-imports-a-program', 'stores-import-only-domain'),
  breach(
    'src/commands/e.ts',
    "import '../env.js'",
    'environment-only-in-programs',
    'commands-import-only-what-a-client-may-know',
  ),
  breach('src/commands/f.ts', "import type { wire } from '../client/wire.js'", 'wiring-belongs-to-its-program'),
  breach('src/worker/a.ts', "import '../client/wire.js'", 'wiring-belongs-to-its-program'),
  breach('src/client/b.ts', "import '@temporalio/client'", 'the-command-line-has-one-copy-of-temporal'),
  lawful('src/client/c.ts', "import type { Client } from '@temporalio/client'"),
  lawful('src/client/sdk/temporal.ts', "export { Client } from '@temporalio/client'"),
  lawful('src/client/a.ts', "import './wire.js'; import '../stores/store.js'"),
  lawful(
    'src/client.ts',
    "import './env.js'; import './stores/store.js'; import './commands/d.js'; import './client/wire.js'",
  ),

  breach('src/telemetry/a.ts', "import '../pipeline/source/port.js'", 'telemetry-imports-only-what-it-watches'),
  breach('src/telemetry/b.ts', "import type { port } from '../stores/store.js'", 'telemetry-sees-only-the-pipeline'),
  breach('src/telemetry/c.ts', "import '@temporalio/common'", 'core-knows-no-temporal'),
  lawful('src/telemetry/d.ts', "import '../domain/unit.js'; import type { port } from '../pipeline/source/port.js'"),
  breach('src/flow/c.ts', "import '../telemetry/d.js'", 'flow-imports-only-domain', 'only-wiring-imports-telemetry'),
  lawful('src/worker/b.ts', "import '../telemetry/d.js'"),
  lawful('src/telemetry/sdk/a.ts', "import 'fast-check'"),

  breach('src/stores/e.ts', "import '../../test/support/fake.js'", 'sources-import-no-tests-or-tools'),
  breach('src/stores/f.ts', "import 'fast-check'", 'sources-use-no-development-packages'),
  breach('src/stores/l.ts', "import '@aws-sdk/client-s3'", 'sources-use-no-development-packages'),
  lawful('src/stores/sdk/a.ts', "import '@aws-sdk/client-s3'; import '@azure/storage-blob'"),
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
  'src/flow/pace.ts': "import '../domain/unit.js';",
  'src/shapes/shape.ts': 'export const shape = 1;',
  'src/control/record.ts': "import '../domain/unit.js';",
  'src/pipeline/source/port.ts': "import '../../domain/unit.js'; export type port = number;",
  'src/pipeline/decode/codec.ts': "import '../../domain/unit.js';",
  'src/pipeline/pack/segment.ts': "import '../../domain/unit.js';",
  'src/pipeline/slice/slice.ts': "import '../../domain/unit.js'; export type slice = number;",
  'src/workflows/migration/root.ts': "import '../../domain/unit.js'; export type root = number;",
  'src/workflows/partition/range.ts': "import '../../domain/unit.js'; export type range = number;",
  'src/commands/ports/port.ts': "import type { unit } from '../../domain/unit.js'; export type port = typeof unit;",
  'src/commands/verbs/watch.ts': "import '../../domain/unit.js';",
  'src/pipeline/slice/slice-job.ts': "import '../../domain/unit.js';",
  'src/stores/s3/s3-client.ts': "import '../../domain/unit.js';",
  'src/stores/s3/s3-target.ts': "import '../../domain/unit.js';",
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

const dependencies = ['zod', ...['activity', 'client', 'common', 'workflow'].map((name) => `@temporalio/${name}`)];
const devDependencies = ['@aws-sdk/client-s3', '@azure/storage-blob', 'd3-scale', 'fast-check'];

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
    JSON.stringify({ type: 'module', dependencies: listed(dependencies), devDependencies: listed(devDependencies) }),
  );
  for (const name of [...dependencies, ...devDependencies]) {
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
