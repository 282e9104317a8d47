const standIns = new Map([
  ['/dist/stores/azure/azure-source.js', new URL('azure-source.mjs', import.meta.url)],
  ['/dist/stores/s3/s3-target.js', new URL('s3-target.mjs', import.meta.url)],
]);

/**
 * Returns the module that stands in for one of the worker's, with the URL of the real one as `real`. See Node's
 * customization hooks.
 *
 * @param {string} specifier
 * @param {{ parentURL?: string }} context
 * @param {(specifier: string, context: object) => Promise<{ url: string }>} next
 */
export async function resolve(specifier, context, next) {
  const resolved = await next(specifier, context);
  if (context.parentURL?.includes('/dist/worker/') !== true) return resolved;
  for (const [ending, standIn] of standIns) {
    if (resolved.url.endsWith(ending))
      return { ...resolved, url: `${standIn.href}?real=${encodeURIComponent(resolved.url)}` };
  }
  return resolved;
}
