/**
 * Returns what is wrong with a command line as one sentence: `unknown option --watc; did you mean --watch?`. The
 * parser's own message begins with `error:` and takes two lines.
 */
export function usageText(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/^unknown (option|command) '([^']*)'/, 'unknown $1 $2')
    .replace(/\n\(Did you mean (.*)\?\)/, (_found, names: string) => `; did you mean ${names}?`);
}
