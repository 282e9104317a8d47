import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemaLocation, writeKubernetesSchemas } from '../support/deploy/kubernetes-schemas.js';
import { goProgram } from '../support/servers/go-program.js';

const deploy = new URL('../../deploy/', import.meta.url).pathname;

describe.each(['kubernetes/workers', 'kubernetes/autoscaled'])('the manifests in deploy/%s', (folder) => {
  let schemas: string;
  let kubeconform: string;
  let manifests: string;
  beforeAll(async () => {
    schemas = mkdtempSync(join(tmpdir(), 'longhaul-schemas-'));
    await writeKubernetesSchemas(schemas, ['scaledobjects', 'triggerauthentications']);
    kubeconform = await goProgram({
      ...{ name: 'kubeconform', package: 'github.com/yannh/kubeconform/cmd/kubeconform', version: 'v0.8.0' },
    });
    const kustomize = await goProgram({
      ...{ name: 'kustomize', package: 'sigs.k8s.io/kustomize/kustomize/v5', version: 'v5.7.1' },
    });
    manifests = (await execa(kustomize, ['build', join(deploy, folder)])).stdout;
  }, 1_200_000);
  afterAll(() => rmSync(schemas, { recursive: true, force: true }));

  /** How many manifests Kubernetes would take, and what it would say to the others. */
  async function judge(text: string): Promise<{ readonly valid: number; readonly messages: readonly string[] }> {
    const args = ['-strict', '-summary', '-output', 'json', '-schema-location', schemaLocation(schemas)];
    const { stdout } = await execa(kubeconform, args, { input: text, reject: false });
    const { summary, resources } = JSON.parse(stdout) as {
      readonly summary: { readonly valid: number };
      readonly resources: readonly { readonly msg: string }[] | null;
    };
    return { valid: summary.valid, messages: (resources ?? []).map(({ msg }) => msg) };
  }

  it('are all valid', async () => {
    const kinds: readonly string[] = manifests.match(/^kind: .+$/gm) ?? [];
    expect(kinds).toEqual(expect.arrayContaining(['kind: Deployment', 'kind: PodDisruptionBudget']));
    expect(kinds.includes('kind: ScaledObject')).toBe(folder.endsWith('autoscaled'));
    expect(await judge(manifests)).toEqual({ valid: kinds.length, messages: [] });
  });

  it('are not valid with a misspelled field or a wrong type', async () => {
    const misspelled = await judge(manifests.replace('terminationGracePeriodSeconds:', 'terminationGraceSeconds:'));
    expect(misspelled.messages.join()).toContain("additional properties 'terminationGraceSeconds' not allowed");
    const wrong = await judge(manifests.replace('maxUnavailable: 0', 'maxUnavailable: [0]'));
    expect(wrong.messages).toHaveLength(1);
  });
});

it('the compose file is understood', async () => {
  const compose = await goProgram({
    ...{ name: 'cmd', package: 'github.com/compose-spec/compose-go/v2/cmd', version: 'v2.16.2' },
  });
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-compose-'));
  cpSync(join(deploy, 'compose'), folder, { recursive: true });
  const path = join(folder, 'compose.yaml');
  // This reader knows no variables of the environment.
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/\$\{POSTGRES_PASSWORD[^}]*\}/g, 'secret'));
  const { stdout } = await execa(compose, [path], { cwd: folder });
  rmSync(folder, { recursive: true });
  expect(stdout).toContain('workers');
});
