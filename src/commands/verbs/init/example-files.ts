/** The two files of a migration, as text. */
export interface ExampleFiles {
  readonly migration: string;
  readonly units: string;
}

/** Returns a commented migration file with the fields that most migrations need, and units for it. */
export function exampleFiles(name: string): ExampleFiles {
  return { migration: migrationText(name), units: unitsText };
}

const unitsText = `tenant,month
acme,2019-07
bolt,2019-07
`;

const migrationText = (
  name: string,
): string => `# Moves one object for each line of units.csv. No secret is in this file: credentials are given by name.
version: 1
name: ${name}

units:
  from: units.csv                   # each line is a unit; its columns are variables in the templates below
  id: "{{ tenant }}/{{ month }}"    # the name of a unit

accounts:
  east:
    endpoint: https://prodeast.blob.core.windows.net
    credential: azure-east          # workers read it from LONGHAUL_CREDENTIAL_AZURE_EAST, or from the file that
                                    # LONGHAUL_CREDENTIAL_AZURE_EAST_FILE names; without this line: Azure's identity
    # requestsPerSecond: 2000       # ceiling for the whole migration

find:                               # where the blobs of a unit are: one or more lookups
  - account: east
    container: "events-{{ month | slice: 0, 4 }}"
    prefix: "{{ tenant }}/{{ month }}/{{ day }}/"
    match: "**/*.json.bz2"          # glob on what follows the prefix; or regex: '^\\d{4}\\.json\\.bz2$'
    each:                           # repeats the lookup for each value
      day: "01..31"                 # a list, a range, or a template that makes a list: "{{ days | split: '|' }}"
  # - account: east
  #   container: late-arrivals
  #   blob: "{{ tenant }}/{{ month }}.json.bz2"   # an exact name instead of a prefix
  #   optional: true                # it may be missing; otherwise the unit fails

order: name                         # the order in which blobs are joined: name | natural | lookup | lastModified
whenEmpty: fail                     # what to do with a unit without blobs: fail | skip | write-empty
# expect:                           # completeness, checked before anything is published
#   blobs: "{{ parts }}"            # exact count from a column; or min / max
#   sequence: '-(\\d+)\\.json\\.bz2$'   # the captured numbers must have no gap

transform:
  decompress: bzip2
  compress: gzip

target:
  bucket: archive
  key: "${name}/{{ tenant }}/{{ month }}.json.gz"
  region: eu-central-1
  # endpoint: https://s3.example.com              # for S3-compatible stores; with forcePathStyle: true for most of them
  # profile: migrations             # AWS profile; or roleArn (and externalId)
  # storageClass: STANDARD_IA
  overwrite: never                  # what may be replaced under a key: never | changed | always
  # control: s3://other-bucket/.longhaul          # ledger and staged units; default: .longhaul in the target bucket

# limits:                           # a unit that exceeds one fails; the defaults are generous
#   blobBytes: 64GiB                # uncompressed
speed:
  unitsInFlight: auto               # in each worker process; \`longhaul tune\` changes it later
`;
