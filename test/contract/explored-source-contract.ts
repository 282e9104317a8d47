import { expect, it } from 'vitest';
import type { ExploredSource, NamePage } from '../../src/explore/explored-source.js';
import type { PageStart } from '../../src/pipeline/source/blob-source.js';

/** A source under test and the means to fill it. Every call of the factory returns a container of its own. */
export interface ExploredBench {
  readonly source: ExploredSource;
  readonly account: string;
  readonly container: string;
  add(name: string): Promise<void>;
}

/** What every source that can be looked through promises, as tests inside a `describe`. */
export function exploredSourceContract(open: () => Promise<ExploredBench>): void {
  const running = new AbortController().signal;

  it('names every container of an account once, in their order, page by page', async () => {
    const first = await open();
    const second = await open();
    const { source, account } = second;
    const names = await allNames((from) => source.listContainers(account, { blobsMax: 1, ...from }, running));
    expect(names.filter((name) => name === first.container || name === second.container)).toEqual(
      [first.container, second.container].sort(),
    );
    expect(names).toEqual([...new Set(names)].sort());
  });

  it('names the folders right below a prefix, page by page, and no blob', async () => {
    const { source, account, container, add } = await open();
    for (const name of ['2019/01/a', '2019/02/a', '2019/02/b', '2020/x/y/z', 'plain']) await add(name);
    const foldersOf = (prefix: string): Promise<readonly string[]> =>
      allNames((from) => source.listFolders({ account, container, prefix }, { blobsMax: 1, ...from }, running));
    expect(await foldersOf('')).toEqual(['2019/', '2020/']);
    expect(await foldersOf('2019/')).toEqual(['2019/01/', '2019/02/']);
    expect(await foldersOf('2019/02/')).toEqual([]);
  });

  it('reports a container that does not exist as missing when its folders are asked for', async () => {
    const { source, account } = await open();
    const place = { account, container: 'no-such-container', prefix: '' };
    await expect(source.listFolders(place, {}, running)).rejects.toMatchObject({ failureClass: 'SourceMissing' });
  });
}

async function allNames(page: (from: PageStart) => Promise<NamePage>): Promise<readonly string[]> {
  const names: string[] = [];
  for (let from: PageStart | undefined = {}; from !== undefined;) {
    const found = await page(from);
    names.push(...found.names);
    from = found.next;
  }
  return names;
}
