import { arch, cpus, loadavg } from 'node:os';

/** What a measurement was made on and with, in one line. */
export function machineLine() {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? 'unknown processor';
  const [load = 0] = loadavg();
  const { node, zlib } = process.versions;
  return `${String(processors.length)} cores, ${model} (${arch()}), load ${load.toFixed(1)}; Node ${node}, zlib ${zlib}`;
}
