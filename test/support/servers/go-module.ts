import { execa } from 'execa';

/** Returns the folder with the files of a Go module, fetched once and checked against Go's checksum database. */
export async function goModule(path: string, version: string): Promise<string> {
  const { stdout } = await execa('go', ['mod', 'download', '-json', `${path}@${version}`], { timeout: 10 * 60_000 });
  const { Dir: folder } = JSON.parse(stdout) as { readonly Dir: string };
  return folder;
}
