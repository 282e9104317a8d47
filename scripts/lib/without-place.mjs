import { decode, encode } from '@jridgewell/sourcemap-codec';

/**
 * Takes the folder of the checkout and the name that webpack makes up out of the inline source map of a bundle, so that
 * two builds of the same sources are the same bytes wherever they are made.
 *
 * @param {string} code
 * @param {string} top the path of the checkout
 * @returns {string}
 */
export function withoutPlace(code, top) {
  return code.replace(/(sourceMappingURL=data:application\/json;[^,]*base64,)([\w+/=]+)/, (_all, head, data) => {
    const text = Buffer.from(data, 'base64').toString();
    // Not only among the sources: webpack's own entry names the workflows by their path, so that the columns after it
    // depend on the length of the path. No workflow is in that entry, and nothing points into it.
    const map = JSON.parse(text.replaceAll(`${top}/`, ''));
    const named = JSON.parse(text).sourcesContent.map((/** @type {string | null} */ source) =>
      source?.includes(`${top}/`),
    );
    const mappings = decode(map.mappings).map((line) => line.filter(([, source]) => !named[source ?? -1]));
    const json = JSON.stringify({ ...map, mappings: encode(mappings), file: 'workflow-bundle.js' });
    return `${head}${Buffer.from(json).toString('base64')}`;
  });
}
