/**
 * Runs the default export of a TypeScript module on a JSON argument, in a process of its own, and prints the result as
 * JSON.
 */
import { runnerImport } from 'vite';

const [path = '', argument = 'null'] = process.argv.slice(2);
/** @type {{ module: { default: (argument: unknown) => Promise<unknown> } }} */
const { module } = await runnerImport(path);
process.stdout.write(JSON.stringify(await module.default(JSON.parse(argument))));
