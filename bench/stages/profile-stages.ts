import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A profile as V8 writes it; times are in microseconds of the machine's monotonic clock. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Seconds of main threads by stage, before they were ready and afterwards. */
export type StageSeconds = ReadonlyMap<string, { readonly start: number; readonly work: number }>;

/**
 * Adds up by stage the profiles in a folder whose process ran code that `pattern` matches. What a stage calls in Node
 * or in a library counts as its own, unless the library is a stage by itself.
 */
export async function profileStages(folder: string, readyMicros: number, pattern: RegExp): Promise<StageSeconds> {
  const sums = new Map<string, { start: number; work: number }>();
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.cpuprofile')) continue;
    const profile = JSON.parse(await readFile(join(folder, name), 'utf8')) as Profile;
    if (!profile.nodes.some(({ callFrame }) => pattern.test(callFrame.url))) continue;
    const stages = stagesOf(profile);
    let at = profile.startTime;
    for (const [index, sample] of profile.samples.entries()) {
      const micros = profile.timeDeltas[index] ?? 0;
      at += micros;
      const stage = stages.get(sample) ?? '';
      if (stage === '(idle)' || stage === '(root)') continue;
      const sum = sums.get(stage) ?? { start: 0, work: 0 };
      sum[at < readyMicros ? 'start' : 'work'] += micros / 1e6;
      sums.set(stage, sum);
    }
  }
  return new Map([...sums].sort(([, a], [, b]) => b.start + b.work - a.start - a.work));
}

/** The stage of each node. */
function stagesOf({ nodes }: Profile): ReadonlyMap<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const stages = new Map<number, string>();
  const visit = (id: number, inherited: string): void => {
    const node = byId.get(id);
    if (node === undefined) return;
    const stage = stageOf(node.callFrame) ?? inherited;
    stages.set(id, stage);
    for (const child of node.children ?? []) visit(child, stage);
  };
  visit(nodes[0]?.id ?? 1, 'Node itself');
  return stages;
}

function stageOf({ functionName, url }: { readonly functionName: string; readonly url: string }): string | undefined {
  if (/^\((root|idle)\)$/.test(functionName)) return functionName;
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(program)') return 'program (system calls, compiling, what V8 does not name)';
  if (/node:internal\/modules|node:internal\/deps\/cjs/.test(url)) return 'loading modules';
  return rules.find(([pattern]) => pattern.test(url))?.[1];
}

const rules: readonly (readonly [RegExp, string])[] = [
  [/pipeline\/decode\/|bzip2\.wasm/, 'decode'],
  [/pipeline\/pack\/deflate\/check-segment/, 'check of every segment'],
  [/pipeline\/pack\/raw-digest/, 'digests'],
  [/pipeline\/pack\/deflate\/|deflate\.wasm/, 'encode'],
  [/pipeline\/pack\//, 'pack: cutting segments and parts'],
  [/sdk\/undici|stores\/http\//, 'HTTP'],
  [/stores\/azure\//, 'Azure: requests, listings, MD5'],
  [/stores\/s3\//, 'S3: requests and signatures'],
  [/stores\/sdk\//, "the clouds' SDKs"],
  [/pipeline\/(source|join)\//, 'source and join: passing pieces on'],
  [/pipeline\/discover\/|definition\//, 'discovery and templates'],
  [/src\/control\/|dist\/control\//, 'ledger and control objects'],
  [/pipeline\//, 'units and slices'],
  [/dist\/flow\//, 'limits, paces, clocks'],
  [/dist\/(telemetry|worker|activities)\//, 'activities, directives, metrics'],
  [/@temporalio|protobufjs|temporal\.js/, "Temporal's SDK"],
  [/^wasm:/, 'WebAssembly'],
];
