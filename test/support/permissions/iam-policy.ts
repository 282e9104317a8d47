/** Where a policy allows something: the bucket, its control prefix, or the prefix of target objects. */
export type Place = 'bucket' | 'control' | 'target';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string;
}

const places: Readonly<Record<string, Place>> = {
  'arn:aws:s3:::archive': 'bucket',
  'arn:aws:s3:::archive/.longhaul/*': 'control',
  'arn:aws:s3:::archive/orders/*': 'target',
};

/** Reads what the policy below a heading of a document allows, each as `PLACE ACTION`, sorted. */
export function allowedBy(document: string, heading: string): readonly string[] {
  const [, section = ''] = document.split(`\n### ${heading}\n`);
  const [, json] = /```json\n([^`]*)```/.exec(section) ?? [];
  if (json === undefined) throw new Error(`there is no policy below ${heading}`);
  const { Statement: statements } = JSON.parse(json) as { readonly Statement: readonly Statement[] };
  return statements
    .flatMap(({ Effect, Action, Resource }) => {
      const place = places[Resource];
      if (place === undefined || Effect !== 'Allow') throw new Error(`${Effect} ${Resource} is not understood`);
      return [Action].flat().map((action) => `${place} ${action.replace('s3:', '')}`);
    })
    .sort();
}
