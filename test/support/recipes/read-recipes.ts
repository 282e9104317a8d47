import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseDefinitionFile } from '../../../src/definition/parse-definition.js';
import type { BlobName } from '../../../src/pipeline/source/blob-source.js';
import type { Recipe } from './recipe.js';

const document = join(import.meta.dirname, '../../../docs/recipes.md');
const sources = join(import.meta.dirname, 'sources');

/** What a unit finds and what nobody finds, each blob as `account/container/name`. */
interface SourceFile {
  readonly manifests: Readonly<Record<string, readonly string[]>>;
  readonly unclaimed: readonly string[];
}

/** Reads all recipes of `docs/recipes.md`, in order, with their sources from the files that have their titles. */
export function readRecipes(): readonly Recipe[] {
  const [frame = '', ...sections] = readFileSync(document, 'utf8').split(/^### /m);
  return sections.map((section) => readRecipe(section, blockOf(frame, 'yaml')));
}

/** The names of the files in `sources`, without their endings. */
export function sourceNames(): readonly string[] {
  return readdirSync(sources).map((file) => file.replace(/\.yaml$/, ''));
}

/** Returns the name of the file that holds the source of a recipe. */
export function sourceName(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-');
}

function readRecipe(section: string, frame: string): Recipe {
  const title = section.slice(0, section.indexOf('\n'));
  const name = sourceName(title);
  const { manifests, unclaimed } = parse(readFileSync(join(sources, `${name}.yaml`), 'utf8')) as SourceFile;
  return {
    title,
    file: parseDefinitionFile(completed(blockOf(section, 'yaml'), frame), title),
    units: blockOf(section, 'csv|jsonl|text'),
    manifests: new Map(Object.entries(manifests).map(([unit, blobs]) => [unit, blobs.map(blobNameOf)])),
    unclaimed: unclaimed.map(blobNameOf),
  };
}

/** Returns a whole migration file: a recipe, and the sections of the frame that the recipe does not have. */
function completed(recipe: string, frame: string): string {
  const keys = new Set(Object.keys(parse(recipe) as object));
  const kept = frame.split(/^(?=\w)/m).filter((section) => !keys.has(section.slice(0, section.indexOf(':'))));
  return [...kept, recipe].join('');
}

function blockOf(text: string, language: string): string {
  const [, block] = new RegExp(`^\`\`\`(?:${language})\\n([^]*?)^\`\`\``, 'm').exec(text) ?? [];
  if (block === undefined) throw new Error(`there is no block of ${language} in: ${text.slice(0, 80)}`);
  return block;
}

/** Reads `account/container/name`, in which `{x×1019}` stands for 1,019 times x. */
function blobNameOf(label: string): BlobName {
  const [account = '', container = '', ...name] = label
    .replace(/\{(.)×(\d+)\}/g, (_, character: string, times: string) => character.repeat(Number(times)))
    .split('/');
  return { account, container, name: name.join('/') };
}
