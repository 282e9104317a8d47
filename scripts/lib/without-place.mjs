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
    // Not only among the sources: webpack's own entry names the workflows by their path.
    const map = JSON.parse(Buffer.from(data, 'base64').toString().replaceAll(`${top}/`, ''));
    const json = JSON.stringify({ ...map, file: 'workflow-bundle.js' });
    return `${head}${Buffer.from(json).toString('base64')}`;
  });
}
