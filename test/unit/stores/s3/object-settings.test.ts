import { expect, it } from 'vitest';
import { planObjectSettings } from '../../../../src/stores/s3/object-settings.js';
import { smallDefinition } from '../../../support/fakes/memory-migration.js';

it.each([
  ['gzip', undefined, 'application/gzip'],
  ['none', undefined, 'application/octet-stream'],
  ['none', 'text/csv', 'text/csv'],
  ['gzip', 'text/csv', 'text/csv'],
] as const)('an object under compress: %s and contentType: %s is %s', (compress, contentType, expected) => {
  const { target } = smallDefinition({ target: contentType === undefined ? {} : { contentType } });
  expect(planObjectSettings(target, compress).ContentType).toBe(expected);
});
