import type { SharedStack } from '../servers/e2e-stack.js';
import { azureService } from './generated-migration.js';

/**
 * Returns a small migration file for units of the columns `tenant` and `month`, with blobs in one container of the
 * stack. The endpoints end with `# source` and `# target`, so that a test can change one of them.
 */
export function tenantYaml(
  stack: SharedStack,
  { name, container, bucket }: { readonly name: string; readonly container: string; readonly bucket: string },
): string {
  const endpoint = azureService(stack, 'prodeast').url.replace(/\/$/, '');
  return [
    'version: 1',
    `name: ${name}`,
    'units:',
    '  from: units.csv',
    "  id: '{{ tenant }}/{{ month }}'",
    'accounts:',
    '  east:',
    `    endpoint: ${endpoint} # source`,
    '    credential: prodeast-key',
    'find:',
    '  - account: east',
    `    container: ${container}`,
    "    prefix: '{{ tenant }}/{{ month }}/'",
    "    match: '**/*.json.bz2'",
    'order: name',
    'whenEmpty: fail',
    'target:',
    `  bucket: ${bucket}`,
    "  key: '{{ tenant }}/{{ month }}.json.gz'",
    '  region: us-east-1',
    `  endpoint: ${stack.s3Endpoint} # target`,
    '  forcePathStyle: true',
    '',
  ].join('\n');
}
