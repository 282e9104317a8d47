import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { planLayout } from '../../../src/domain/layout.js';
import { autoUnitsInFlight } from '../../../src/worker/width/auto-units-in-flight.js';
import { supervisionBounds } from '../../../src/worker/supervision/supervise.js';
import { commonWorkerOptions, mainWorkerOptions } from '../../../src/worker/worker-options.js';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const { version } = JSON.parse(read('package.json')) as { readonly version: string };
const drainSeconds = supervisionBounds.drainMs / 1_000;
const miB = 1024 * 1024;
const [processes, memoryMiB] = [2, 2_816];

/** What each way of running the workers says of itself. */
interface Deployment {
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly securityContext: object;
        readonly containers: readonly [Container];
        readonly volumes: readonly object[];
      };
    };
  };
}
interface Container {
  readonly args: readonly string[];
  readonly securityContext: object;
  readonly resources: object;
  readonly readinessProbe: object;
  readonly livenessProbe: object;
}

describe('the workers in Kubernetes', () => {
  const deployment = parse(read('deploy/kubernetes/workers/workers.yaml')) as Deployment;
  const { spec: pod } = deployment.spec.template;
  const [container] = pod.containers;

  it('have longer to drain than a stuck slice may take', () => {
    expect(drainSeconds).toBeGreaterThan(parseFloat(commonWorkerOptions(5_000).shutdownForceTime));
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(drainSeconds + 15);
  });

  it('have the memory and the cores of their processes, and neither find out how many nor get fewer units', () => {
    expect(container.args).toEqual(['--processes', String(processes)]);
    expect(container.resources).toMatchObject({
      requests: { cpu: String(processes), memory: '1536Mi' },
      limits: { memory: `${String(memoryMiB)}Mi` },
    });
    expect(autoUnitsInFlight(processes, memoryMiB * miB)).toEqual(autoUnitsInFlight(1, 64 * 1024 * miB));
  });

  it('write nowhere but to /tmp, and have no rights', () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('are asked for their health, and get secrets as files of a folder', () => {
    expect(container.readinessProbe).toMatchObject({ httpGet: { path: '/readyz' } });
    expect(container.livenessProbe).toMatchObject({ httpGet: { path: '/healthz' } });
    expect(pod.volumes).toContainEqual(
      expect.objectContaining({ secret: { secretName: 'longhaul-credentials', defaultMode: 0o440 } }),
    );
    expect(read('deploy/kubernetes/workers/workers.yaml')).not.toMatch(/^\s*subPath:/m);
  });

  it('are scaled by what one of them can take', () => {
    const { spec } = parse(read('deploy/kubernetes/autoscaled/scaled-object.yaml')) as {
      readonly spec: { readonly minReplicaCount: number; readonly triggers: readonly { readonly metadata: object }[] };
    };
    expect(spec.minReplicaCount).toBe(1);
    const slots = processes * mainWorkerOptions.maxConcurrentActivityTaskExecutions;
    expect(spec.triggers).toMatchObject([{ metadata: { taskQueue: 'longhaul', targetQueueSize: String(slots) } }]);
  });
});

describe('the workers in Compose', () => {
  const { services } = parse(read('deploy/compose/compose.yaml'), { merge: true }) as {
    readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };

  it('drain, write nothing and have no rights, as in Kubernetes', () => {
    expect(services['workers']).toMatchObject({
      ...{ read_only: true, user: '65532:65532', cap_drop: ['ALL'], mem_limit: `${String(memoryMiB)}m` },
      command: ['--processes', String(processes)],
    });
    expect(parseFloat(String(services['workers']?.['stop_grace_period']))).toBeGreaterThanOrEqual(drainSeconds + 15);
  });

  it('open no port to other machines', () => {
    const ports = Object.values(services).flatMap(({ ports }) => (ports ?? []) as readonly string[]);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });
});

it('the version of the image is that of the package, wherever it is named', () => {
  expect(read('deploy/compose/compose.yaml')).toContain(`image: longhaul:${version}\n`);
  expect(read('deploy/kubernetes/workers/kustomization.yaml')).toContain(`newTag: ${version} }`);
  expect(read('deploy/container/Containerfile')).toContain(`--tag longhaul:${version} .`);
});

it('the image runs as nobody, answers health checks and gets SIGTERM', () => {
  const lines = read('deploy/container/Containerfile').split('\n');
  expect(lines).toEqual(expect.arrayContaining(['USER 65532:65532', 'STOPSIGNAL SIGTERM']));
  expect(lines.join('\n')).toMatch(/^ENV .*LONGHAUL_HEALTH=0\.0\.0\.0:9460$/m);
});

it('the actions of Temporal Cloud are those of the layout, at the price that is named', () => {
  const row = /^\| ([\d,]+) +\| ([\d,]+) +\| ([\d,]+) +\| ([\d,]+) +\| ([\d.]+) +\|$/gm;
  const rows = [...read('docs/deploy.md').matchAll(row)].map((cells) =>
    cells.slice(1).map((cell) => Number(cell.replaceAll(',', ''))),
  );
  expect(rows).toHaveLength(4);
  for (const [units = 0, slices, partitions, actions = 0, price = 0] of rows) {
    const layout = planLayout(units);
    expect([slices, partitions], String(units)).toEqual([layout.slices, layout.partitions]);
    // A child workflow counts as two, and a root does about ten things once.
    const computed = layout.slices + 2 * layout.partitions + 10;
    expect(actions / computed, String(units)).toBeCloseTo(1, 1.7);
    expect(price, String(units)).toBeCloseTo((computed * 50) / 1e6, price < 10 ? 2 : 0);
  }
});
