import { runnerImport } from 'vite';

export const summary = 'what the worker processes of a whole migration spend CPU time on: by thread and by stage';

export const options = /** @type {const} */ ({
  units: { type: 'string', default: '1000', description: "units of the bake-off's list, of ten blobs each" },
  latency: { type: 'string', default: '30', description: 'milliseconds that are added to each request' },
  level: { type: 'string', default: 'standard', description: 'transform.level: standard, or fast' },
  profile: { type: 'string', default: '', description: 'folder for CPU profiles, which add the table of stages' },
});

/** @param {{ units: string, latency: string, level: string, profile: string }} values */
export async function run(values) {
  const { module } = await runnerImport('./bench/stages/measure-stages.ts');
  await module.measureStages(values);
}
