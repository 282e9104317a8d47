import { arch, cpus, loadavg } from 'node:os';

/** Describes the machine and the versions of a measurement in one line. */
export function machineLine() {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? 'unknown processor';
  const [load = 0] = loadavg();
  const { node, zlib } = process.versions;
  const machine = `${String(processors.length)} cores, ${model} (${arch()})`;
  return `${machine}, load ${load.toFixed(1)}; Node ${node}, zlib ${zlib}`;
}
