import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { goModule } from '../servers/go-module.js';

// Schemas of Kubernetes and KEDA come with their sources, so that nothing is fetched from places that may change.
const kubernetes = { module: 'k8s.io/kubernetes', version: 'v1.34.1', file: 'api/openapi-spec/swagger.json' };
const keda = { module: 'github.com/kedacore/keda/v2', version: 'v2.21.0', folder: 'config/crd/bases' };

/**
 * Writes strict JSON schemas of the kinds that Kubernetes knows, and of those of KEDA that are named, into a folder,
 * under the names by which `kubeconform` looks for them: `deployment-apps-v1.json`.
 */
export async function writeKubernetesSchemas(folder: string, kedaKinds: readonly string[]): Promise<void> {
  const path = join(await goModule(kubernetes.module, kubernetes.version), kubernetes.file);
  const { definitions } = JSON.parse(readFileSync(path, 'utf8')) as { definitions: Record<string, Schema> };
  for (const [name, definition] of Object.entries(definitions)) {
    const [kind, ...others] = definition['x-kubernetes-group-version-kind'] ?? [];
    if (kind === undefined || others.length > 0) continue;
    const used = reachable(name, definitions);
    write(folder, kind, {
      $ref: `#/definitions/${name}`,
      definitions: Object.fromEntries([...used].map((each) => [each, strict(definitions[each] ?? {}, each)])),
    });
  }
  const crds = join(await goModule(keda.module, keda.version), keda.folder);
  for (const plural of kedaKinds) {
    const { spec } = parse(readFileSync(join(crds, `keda.sh_${plural}.yaml`), 'utf8')) as CustomResource;
    for (const { name: version, schema } of spec.versions) {
      write(folder, { group: spec.group, version, kind: spec.names.kind }, strict(schema.openAPIV3Schema));
    }
  }
}

/** Where `kubeconform` finds them. */
export function schemaLocation(folder: string): string {
  return join(folder, '{{ .ResourceKind }}{{ .KindSuffix }}.json');
}

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

interface Schema {
  readonly [key: string]: unknown;
  readonly 'x-kubernetes-group-version-kind'?: readonly GroupVersionKind[];
}

interface CustomResource {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

function write(folder: string, { group, version, kind }: GroupVersionKind, schema: object): void {
  const parts = [kind, group.replace(/\..*$/, ''), version].filter((part) => part !== '');
  writeFileSync(join(folder, `${parts.join('-').toLowerCase()}.json`), JSON.stringify(schema));
}

/** The names of a definition and of all to which it refers. */
function reachable(name: string, definitions: Readonly<Record<string, Schema>>): ReadonlySet<string> {
  const found = new Set([name]);
  for (const each of found) {
    const refs = JSON.stringify(definitions[each]).matchAll(/"#\/definitions\/([^"]+)"/g);
    for (const [, ref = ''] of refs) found.add(ref);
  }
  return found;
}

/** Makes a schema refuse fields that it does not name, and take numbers where Kubernetes does. */
function strict(schema: Schema, name = ''): Schema {
  if (/\.(Quantity|IntOrString)$/.test(name)) return { type: ['string', 'number'] };
  const kept = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, key === 'properties' ? eachOf(value) : deeper(value)]),
  );
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || 'additionalProperties' in schema;
  return 'properties' in schema && !isOpen ? { ...kept, additionalProperties: false } : kept;
}

function eachOf(properties: unknown): object {
  return Object.fromEntries(
    Object.entries(properties as Readonly<Record<string, Schema>>).map(([name, schema]) => [name, strict(schema)]),
  );
}

function deeper(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deeper);
  return typeof value === 'object' && value !== null ? strict(value as Schema) : value;
}
