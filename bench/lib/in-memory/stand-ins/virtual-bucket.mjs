/** Writers look up only what they have just put. */
const remembered = 1_000;

/** @type {Map<number, number>} */
const puts = new Map();
let heads = 0;

/**
 * Returns what the buckets of this process have been asked for: how many objects they have taken in each tenth of a
 * second since the epoch, and how often they were asked about one.
 *
 * @returns {import('../bucket-requests.js').BucketRequests}
 */
export function bucketRequests() {
  return { puts: [...puts], heads };
}

/**
 * A bucket that takes objects of one request and forgets all but the newest, so that it costs no memory.
 *
 * @returns {Pick<import('../../../../src/pipeline/publish/object-target.js').ObjectTarget, 'head' | 'put'>}
 */
export function virtualBucket() {
  /** @type {Map<string, import('../../../../src/pipeline/publish/object-target.js').TargetHead>} */
  const stored = new Map();
  return {
    async head(key) {
      heads += 1;
      return stored.get(key);
    },
    async put({ key, body, crc32, metadata }) {
      const tenth = Math.floor(Date.now() / 100);
      puts.set(tenth, (puts.get(tenth) ?? 0) + 1);
      const head = { etag: `"${crc32}"`, bytes: body.length, crc32, metadata };
      stored.set(key, head);
      const [oldest] = stored.keys();
      if (stored.size > remembered && oldest !== undefined) stored.delete(oldest);
      return { state: 'stored', etag: head.etag, crc32 };
    },
  };
}
