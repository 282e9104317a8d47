/** Returns the link to the Web UI in what a verb has printed. */
export function printedLink(printed: string): string {
  const [, link] = /Web UI {2}(http\S+)/.exec(printed) ?? [];
  if (link === undefined) throw new Error(`there is no link in:\n${printed}`);
  return link;
}
