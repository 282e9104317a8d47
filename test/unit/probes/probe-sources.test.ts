import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createFindRenderer } from '../../../src/definition/find/find-renderer.js';
import { Failure } from '../../../src/domain/failure.js';
import type { CredentialFacts } from '../../../src/probes/source/credential-facts.js';
import { probeSources } from '../../../src/probes/source/probe-sources.js';
import { parseDefinition } from '../../../src/definition/parse-definition.js';
import { writeStream } from '../../support/corpora/bzip2-writer.js';
import { MemoryBlobSource } from '../../support/fakes/memory-blob-source.js';

const bzip2 = writeStream(9, [{ content: Buffer.from('one line\n') }]);
const text = `version: 1
name: orders
units: { from: units.csv }
accounts:
  east: { endpoint: https://east.blob.core.windows.net }
  west: { endpoint: https://west.blob.core.windows.net }
find:
  - { account: east, container: events, prefix: "{{ tenant }}/", match: "*.bz2" }
target: { bucket: archive, key: "{{ tenant }}" }
`;
const units = ['acme', 'bolt'].map((tenant, index) => ({ index, id: tenant, key: tenant, fields: { tenant } }));

class ProbedMemorySource extends MemoryBlobSource {
  facts: CredentialFacts | Failure = { kind: 'identity' };
  readonly probed: string[] = [];
  describeCredential = async (): Promise<CredentialFacts> => {
    if (this.facts instanceof Failure) throw this.facts;
    return this.facts;
  };
  probeAccount = async (account: string): Promise<void> => void this.probed.push(account);
}

async function probe(
  source: ProbedMemorySource,
  {
    decompress = 'bzip2',
    optional = false,
  }: { decompress?: 'bzip2' | 'gzip' | 'auto' | 'none'; optional?: boolean } = {},
) {
  const definition = parseDefinition(
    optional ? text.replace('"*.bz2" }', '"*.bz2", optional: true }') : text,
    'm.yaml',
  );
  const probing = { accounts: ['east', 'west'], source, find: createFindRenderer(definition), units, decompress };
  const signal = new AbortController().signal;
  const { probes, sample } = await probeSources({ ...probing, nowMs: Date.parse('2026-01-02T03:04:05Z'), signal });
  const of = (id: string) => probes.find((each) => each.id === id);
  return { probes, sample, of };
}

function sourceWith(blobs: Readonly<Record<string, Uint8Array>>): ProbedMemorySource {
  const source = new ProbedMemorySource();
  source.addContainer('east', 'events');
  for (const [name, bytes] of Object.entries(blobs)) source.add({ account: 'east', container: 'events', name }, bytes);
  return source;
}

describe('probing the source accounts', () => {
  it('lists what the lookups of some units find, and reads the first bytes of a blob', async () => {
    const source = sourceWith({ 'acme/1.bz2': bzip2, 'acme/_SUCCESS': Buffer.from(''), 'bolt/1.bz2': bzip2 });
    const { probes, sample } = await probe(source);
    expect(probes).toEqual([
      {
        ...{ id: 'source/east/credential', what: 'credential of account east', verdict: 'ok' },
        message: "an identity of Azure's chain; what else it may do is not looked at",
      },
      {
        ...{ id: 'source/east/list', what: 'listing in account east', verdict: 'ok' },
        message: '2 blobs of units acme, bolt found',
      },
      {
        ...{ id: 'source/east/read', what: 'reading in account east', verdict: 'ok' },
        message: 'east/events/acme/1.bz2 can be read; it is bzip2',
      },
      expect.objectContaining({ id: 'source/west/credential', verdict: 'ok' }),
      {
        ...{ id: 'source/west/list', what: 'listing in account west', verdict: 'ok' },
        message: 'it can be reached and accepts the credential; no unit that was looked at names it',
      },
    ]);
    expect(sample).toEqual({ lookups: 2, blobs: 2, bytes: 2 * bzip2.length });
    expect(source.probed).toEqual(['west']);
  });

  it.each([
    ['bzip2', bzip2, 'gzip', 'failed', 'it is bzip2, not gzip', 'set `transform.decompress: bzip2`, or `auto`'],
    ['gzip', gzipSync('x'), 'bzip2', 'failed', 'it is gzip, not bzip2', 'set `transform.decompress: gzip`, or `auto`'],
    ['text', Buffer.from('text'), 'bzip2', 'failed', 'it is neither bzip2 nor gzip, not bzip2', 'correct `find`'],
    ['gzip', gzipSync('x'), 'none', 'warning', 'it is gzip and would stay so', 'set `transform.decompress: gzip`'],
    ['gzip', gzipSync('x'), 'auto', 'ok', 'it is gzip', undefined],
    ['text', Buffer.from('text'), 'none', 'ok', 'it is neither bzip2 nor gzip', undefined],
  ] as const)('of a blob of %s %j with decompress %s: %s', async (_name, bytes, decompress, verdict, message, fix) => {
    const { of } = await probe(sourceWith({ 'acme/1.bz2': bytes, 'bolt/1.bz2': bytes }), { decompress });
    const read = of('source/east/read');
    expect(read).toMatchObject({ verdict, message: `east/events/acme/1.bz2 can be read; ${message}` });
    expect(read?.fix?.startsWith(fix ?? '')).toBe(fix === undefined ? undefined : true);
  });

  it('finds a missing container, which fails units, unless the lookup is optional', async () => {
    const { of } = await probe(new ProbedMemorySource());
    expect(of('source/east/list')).toMatchObject({
      ...{ verdict: 'failed', class: 'SourceMissing', message: expect.stringContaining('unit acme: ') as string },
      fix: 'correct `find` or the units; a unit fails whose container or blob is missing',
    });
    expect(of('source/east/read')).toMatchObject({ verdict: 'unchecked', message: 'there is no blob to read' });
    const { of: ofOptional } = await probe(new ProbedMemorySource(), { optional: true });
    expect(ofOptional('source/east/list')).toMatchObject({ verdict: 'warning' });
  });

  it('warns when no blob is found, and does not read', async () => {
    const { of } = await probe(sourceWith({ 'acme/readme.txt': Buffer.from('x') }));
    expect(of('source/east/list')).toMatchObject({
      ...{ verdict: 'warning', message: 'no blob of units acme, bolt was found' },
      fix: 'correct `find` or the units, if these should have blobs',
    });
    expect(of('source/east/read')).toMatchObject({ verdict: 'unchecked' });
  });

  it('reports why a credential cannot be used and why an account refuses, and looks at the others', async () => {
    const source = sourceWith({});
    source.facts = new Failure('ConfigError/Credential', 'account east: LONGHAUL_CREDENTIAL_EAST is not set');
    source.requests.hook = () => ({ failure: new Failure('SourceForbidden', 'list east/events: not allowed (403)') });
    const { probes } = await probe(source);
    expect(probes.map(({ id, verdict, class: failureClass }) => [id, verdict, failureClass])).toEqual([
      ['source/east/credential', 'failed', 'ConfigError/Credential'],
      ['source/east/list', 'failed', 'SourceForbidden'],
      ['source/west/credential', 'failed', 'ConfigError/Credential'],
      ['source/west/list', 'ok', undefined],
    ]);
  });
});
