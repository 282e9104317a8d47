import { runnerImport } from 'vite';

export const summary =
  'a simulated store whose capacity changes: what is served, and at which rate it is asked (a chart)';

export const options = /** @type {const} */ ({
  callers: { type: 'string', default: '64', least: 1, description: 'callers that each make one request after another' },
  latency: { type: 'string', default: '30', least: 0, description: 'milliseconds that a request takes' },
});

/**
 * Prints a chart in Mermaid's language, as docs/throttling.md shows it.
 *
 * @param {{ callers: string, latency: string }} values
 */
export async function run({ callers, latency }) {
  const { module } = await runnerImport('./bench/throttling/draw-throttling.ts');
  process.stdout.write(module.drawThrottling({ callers: Number(callers), latencyMs: Number(latency) }));
}
