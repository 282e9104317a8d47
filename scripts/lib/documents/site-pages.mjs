import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, normalize, relative } from 'node:path';

/** The page that lists all pages, in the order of the menu. */
const listOfPages = 'docs/README.md';

/**
 * Writes what the generator of the site reads: every page of the list and every decision record, under its own path,
 * with links that hold in the site; what they link to besides; and menu.json.
 *
 * @param {string} folder is emptied first
 */
export function writeSitePages(folder) {
  rmSync(folder, { recursive: true, force: true });
  const decisions = readdirSync('docs/decisions').map((name) => `docs/decisions/${name}`);
  const menu = menuOf(readFileSync(listOfPages, 'utf8'));
  const listed = menu.flatMap(({ items }) => items.map(({ path }) => path)).filter((path) => path.endsWith('.md'));
  const pages = new Set([listOfPages, ...listed, ...decisions]);
  for (const path of pages) write(folder, sitePath(path), pageText(path, { pages, folder }));
  const index = decisions.map((path) => `- [${titleOf(path)}](${relative('docs/decisions', path)})`);
  write(folder, 'docs/decisions/index.md', `# Decision records\n\n${index.join('\n')}\n`);
  const links = menu.map(({ text, items }) => ({
    text,
    items: items.map((item) => ({ text: item.text, link: `/${sitePath(item.path).replace(/(index)?[.]md$/, '')}` })),
  }));
  write(folder, 'menu.json', JSON.stringify({ menu: links }));
}

/** @param {string} list */
function menuOf(list) {
  const [, ...sections] = list.split(/^## /m);
  return sections.map((section) => ({
    text: section.slice(0, section.indexOf('\n')),
    items: [...section.matchAll(/^- \[(.+?)\]\((.+?)\)/gm)].map(([, text = '', path = '']) => ({
      text,
      path: normalize(join('docs', path)),
    })),
  }));
}

/** @param {string} path @param {{ pages: ReadonlySet<string>, folder: string }} site */
function pageText(path, { pages, folder }) {
  const text = readFileSync(path, 'utf8').replaceAll(/<!--[^]*?-->\n*/g, '');
  return text.replaceAll(/(?<=\]\()(?!https?:|#)([^)#\s]+)/g, (link) => {
    const target = normalize(join(dirname(path), link)).replace(/\/$/, '');
    if (pages.has(target)) return relative(dirname(path), sitePath(target));
    if (statSync(target).isDirectory()) return `${relative(dirname(path), target)}/`;
    if (target.endsWith('.png')) {
      copy(target, join(folder, target));
      return link;
    }
    // A link without an ending, or with one that the generator does not know, would be taken for one to a page.
    const shown = ['', '.py'].includes(extname(target)) ? `${target}.txt` : target;
    copy(target, join(folder, 'public', shown));
    return `/${shown}`;
  });
}

/** @param {string} path */
function sitePath(path) {
  return path.replace(/README[.]md$/, 'index.md').replace(/^docs\/decisions$/, 'docs/decisions/index.md');
}

/** @param {string} path */
function titleOf(path) {
  return /^# (.*)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? path;
}

/** @param {string} from @param {string} to */
function copy(from, to) {
  if (existsSync(to)) return;
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}

/** @param {string} folder @param {string} path @param {string} text */
function write(folder, path, text) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
