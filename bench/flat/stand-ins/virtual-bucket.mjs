/** Writers look up only what they have just put. */
const remembered = 1_000;

let put = 0;

/** Returns how many objects all buckets of this process have taken. */
export function putObjects() {
  return put;
}

/**
 * A bucket that takes objects of one request and forgets all but the newest, so that it costs no memory.
 *
 * @returns {Pick<import('../../../src/pipeline/publish/object-target.js').ObjectTarget, 'head' | 'put'>}
 */
export function virtualBucket() {
  /** @type {Map<string, import('../../../src/pipeline/publish/object-target.js').TargetHead>} */
  const heads = new Map();
  return {
    head: async (key) => heads.get(key),
    async put({ key, body, crc32, metadata }) {
      put += 1;
      const head = { etag: `"${crc32}"`, bytes: body.length, crc32, metadata };
      heads.set(key, head);
      const [oldest] = heads.keys();
      if (heads.size > remembered && oldest !== undefined) heads.delete(oldest);
      return { state: 'stored', etag: head.etag, crc32 };
    },
  };
}
