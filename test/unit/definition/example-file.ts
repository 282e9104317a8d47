/** A small migration file that is right; tests change a line of it. */
export const exampleFile = `version: 1
name: orders
units:
  from: units.csv
  id: "{{ tenant }}/{{ month }}"
accounts:
  east:
    endpoint: https://east.blob.core.windows.net
    credential: azure-east
find:
  - account: east
    container: "events-{{ month | slice: 0, 4 }}"
    prefix: "{{ tenant }}/{{ month }}/{{ day }}/"
    match: "**/*.json.bz2"
    each:
      day: "01..31"
target:
  bucket: archive
  key: "orders/{{ tenant }}/{{ month }}.json.gz"
`;

/** The example with one text in place of another, which must be there. */
export function exampleWith(text: string, replacement: string): string {
  if (!exampleFile.includes(text)) throw new Error(`the example has no ${text}`);
  return exampleFile.replace(text, () => replacement);
}
