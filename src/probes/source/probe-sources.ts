import type { TransformDefinition } from '../../domain/definition.js';
import type { Failure } from '../../domain/failure.js';
import { blobLabel, type SourceBlob } from '../../domain/manifest.js';
import type { Probe, UnitsSample } from '../../domain/probe.js';
import type { FindRenderer } from '../../domain/rendered-find.js';
import type { StagedUnit } from '../../domain/unit.js';
import { detectFormat } from '../../pipeline/decode/detect-format.js';
import { answerAll } from '../answer-all.js';
import { judgeCredential } from './judge-credential.js';
import { judgeFormat } from './judge-format.js';
import { judgeListing } from './judge-listing.js';
import { type ListedSample, listSample, type SampleLookup } from './list-sample.js';
import type { ProbedSource } from './probed-source.js';

/** What to look at. */
export interface SourceProbing {
  readonly accounts: readonly string[];
  readonly source: ProbedSource;
  readonly find: FindRenderer;
  /** A sample of the units. */
  readonly units: readonly StagedUnit[];
  readonly decompress: TransformDefinition['decompress'];
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/** What the probes of all accounts have found. */
export interface SourceProbes {
  readonly probes: readonly Probe[];
  readonly sample: UnitsSample;
}

// Accounts are servers of their own, but there may be a hundred of them.
const accountsAtOnce = 8;

/** Looks at each account: its credential, what the lookups of some units find, and the first bytes of a blob. */
export async function probeSources(probing: SourceProbing): Promise<SourceProbes> {
  const { accounts, signal } = probing;
  const probes: (readonly Probe[])[] = [];
  const samples: UnitsSample[] = [];
  const rest = accounts.entries();
  const work = async (): Promise<void> => {
    for (const [index, account] of rest) {
      const one = new AccountProbes(account, probing);
      probes[index] = await one.run(signal);
      if (one.listed !== undefined) samples.push(one.listed);
    }
  };
  await Promise.all(Array.from({ length: accountsAtOnce }, work));
  return { probes: probes.flat(), sample: sumOf(samples) };
}

function sumOf(samples: readonly UnitsSample[]): UnitsSample {
  const sum = (field: keyof UnitsSample): number => samples.reduce((total, sample) => total + sample[field], 0);
  return { lookups: sum('lookups'), blobs: sum('blobs'), bytes: sum('bytes') };
}

// Enough to see whether `find` is right; a unit may have thousands.
const lookupsMax = 6;
const lookupsOfUnitMax = 3;

/** The probes of one account. What its listing has found decides what is read. */
class AccountProbes {
  listed: ListedSample | undefined;
  readonly #lookups: readonly SampleLookup[];

  constructor(
    readonly account: string,
    readonly probing: SourceProbing,
  ) {
    const { find, units } = probing;
    const ofUnit = (unit: StagedUnit): readonly SampleLookup[] =>
      find
        .lookups(unit)
        .filter((lookup) => lookup.account === account)
        .slice(0, lookupsOfUnitMax)
        .map((lookup) => ({ unit: unit.id, lookup }));
    this.#lookups = units.flatMap(ofUnit).slice(0, lookupsMax);
  }

  async run(signal: AbortSignal): Promise<readonly Probe[]> {
    const { account, probing } = this;
    const id = (name: string): string => `source/${account}/${name}`;
    const first = await answerAll(
      [
        {
          ...{ id: id('credential'), what: `credential of account ${account}` },
          ask: async () => judgeCredential(await probing.source.describeCredential(account), probing.nowMs),
        },
        {
          ...{ id: id('list'), what: `listing in account ${account}`, fix: missingFix },
          ask: (limit) => this.#list(limit),
        },
      ],
      signal,
    );
    const { listed } = this;
    if (listed === undefined) return first;
    const read = {
      ...{ id: id('read'), what: `reading in account ${account}`, fix: formatFix },
      ask: (limit: AbortSignal) => this.#read(listed.blob, limit),
    };
    return [...first, ...(await answerAll([read], signal))];
  }

  async #list(signal: AbortSignal) {
    const { source } = this.probing;
    if (this.#lookups.length === 0) {
      await source.probeAccount(this.account, undefined, signal);
      return { message: 'it can be reached and accepts the credential; no unit that was looked at names it' };
    }
    this.listed = await listSample(this.#lookups, source, signal);
    return judgeListing(this.listed, [...new Set(this.#lookups.map(({ unit }) => unit))]);
  }

  async #read(blob: SourceBlob | undefined, signal: AbortSignal) {
    if (blob === undefined) return { verdict: 'unchecked', message: 'there is no blob to read' } as const;
    const { format, body } = await detectFormat(this.probing.source.open(blob, signal), blobLabel(blob));
    await body.return(undefined);
    return judgeFormat(blobLabel(blob), format, this.probing.decompress);
  }
}

const missingFix = ({ failureClass }: Failure): string | undefined =>
  failureClass === 'SourceMissing'
    ? 'correct `find` or the units; a unit fails whose container or blob is missing'
    : undefined;

const formatFix = ({ failureClass, message }: Failure): string | undefined => {
  if (failureClass !== 'CorruptInput/BadMagic') return undefined;
  const [, format] = /it is (bzip2|gzip),/.exec(message) ?? [];
  return format === undefined
    ? 'correct `find` so that it matches only compressed blobs, or set `transform.decompress: none`'
    : `set \`transform.decompress: ${format}\`, or \`auto\` if there are several formats`;
};
