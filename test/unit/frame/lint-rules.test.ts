import { resolve } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const top = resolve(import.meta.dirname, '../../..');
const staleRead = 'local/no-stale-read-across-await';

/** The rules that are asked here; only they run, because the others need the file to be in the project. */
const eslint = new ESLint({
  cwd: top,
  ruleFilter: ({ ruleId }) =>
    [staleRead, 'no-restricted-syntax', 'no-restricted-properties', 'no-console'].includes(ruleId),
  overrideConfig: [{ languageOptions: { parserOptions: { projectService: false } } }],
});

describe('in workflows, an update that reads before an await and writes after it', () => {
  it.each([
    'total = add(total, await next());',
    'total = total + (await next());',
    'total += await next();',
    'this.tally = add(this.tally, await next());',
    'state.done = Math.max(state.done, await next());',
    'state = { ...state, last: await next() };',
    'done[id] = merge(done[id], await next());',
    'total = await add(total, await next());',
  ])('is refused: %s', async (statement) => {
    expect(await rulesBrokenBy('src/workflows/migration/migration.ts', inAsync(statement))).toEqual([staleRead]);
  });

  it.each([
    'const step = await next(); total = add(total, step);',
    'total = await next();',
    'total = (await next()) + total;',
    'cursor = await next(cursor);',
    'total = add(total, run(async () => await next()));',
    'later ??= await next();',
  ])('is allowed when nothing can be lost: %s', async (statement) => {
    expect(await rulesBrokenBy('src/workflows/migration/migration.ts', inAsync(statement))).toEqual([]);
  });
});

describe('anywhere in the sources', () => {
  it.each([
    ['try { move(); } catch {}', 'no-restricted-syntax'],
    ['try { move(); } catch (error) { /* no matter */ }', 'no-restricted-syntax'],
    ['void move().catch(() => {});', 'no-restricted-syntax'],
    ['void move().catch(() => undefined);', 'no-restricted-syntax'],
    ['console.log(1);', 'no-console'],
    ["export const address = process.env['TEMPORAL_ADDRESS'];", 'no-restricted-properties'],
    ['export const { env } = process;', 'no-restricted-properties'],
    ["import { env } from 'node:process'; export { env };", 'no-restricted-syntax'],
  ])('%s is refused', async (code, rule) => {
    expect(await rulesBrokenBy('src/pipeline/unit/move-unit.ts', code)).toEqual([rule]);
  });

  it('the environment may be read in src/env.ts, and nothing be swallowed there either', async () => {
    expect(await rulesBrokenBy('src/env.ts', "export const address = process.env['TEMPORAL_ADDRESS'];")).toEqual([]);
    expect(await rulesBrokenBy('src/env.ts', 'try { move(); } catch {}')).toEqual(['no-restricted-syntax']);
  });
});

function inAsync(statement: string): string {
  return `async function run() { ${statement} }`;
}

async function rulesBrokenBy(path: string, code: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(code, { filePath: resolve(top, path) });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}
