import type { ObjectTarget, TargetHead } from '../../src/pipeline/publish/object-target.js';
import { identityMetadata, objectIdentity } from '../../src/pipeline/publish/object-identity.js';
import type { MigrationRecord } from '../../src/domain/stored/migration-record.js';
import { generatedReceipt, idOf, indexOfKey, keyOf } from './generated-migration.js';

const pageSize = 1_000;
// Of ten thousand objects one is missing, and one more is there that no unit names.
const every = 10_000;

/** The objects of a generated migration, each made up when it is asked for. */
export function generatedTarget(record: MigrationRecord): Pick<ObjectTarget, 'head' | 'listPage' | 'tags'> {
  return {
    head: async (key) => headOf(record, key),
    tags: async () => ({}),
    async listPage(prefix, after) {
      const from = after === undefined ? 0 : Number(after);
      const to = Math.min(from + pageSize, record.layout.units);
      const objects = Array.from({ length: to - from }, (_, at) => from + at).flatMap((index) => {
        const keys = [keyOf(idOf(index)), ...(index % every === 0 ? [`${keyOf(idOf(index))}.copy`] : [])];
        return keys.map((key) => ({ key, bytes: 1, lastModifiedMs: 0 }));
      });
      const next = to < record.layout.units ? { next: String(to) } : {};
      return { objects: objects.filter(({ key }) => key.startsWith(prefix)), ...next };
    },
  };
}

function headOf(record: MigrationRecord, key: string): TargetHead | undefined {
  const { id, target, manifest, bytes } = generatedReceipt(indexOfKey(key));
  if (target === undefined || manifest === undefined || indexOfKey(key) % every === 3) return undefined;
  const metadata = identityMetadata(objectIdentity(record, { id }, manifest.digest));
  return { etag: target.etag, bytes: bytes.target, ...(target.checksum && { crc32: target.checksum }), metadata };
}
