import { ShapeTable, type StoredTable } from '../shapes/shape-table.js';
import type { ContainerSeen } from './explore-request.js';
import type { WalkStep } from './walk-account.js';
import type { WalkPosition } from './walk-position.js';

/** Containers that are reported one by one; others are summed up. */
const containersMax = 1_000;

/** The containers that are only summed up. */
export interface MoreContainers {
  readonly containers: number;
  readonly blobs: number;
  readonly bytes: number;
  readonly sampled: number;
}

/** What has been seen of an account so far, in bounded memory, and where to continue. */
export class Exploration {
  readonly #table: ShapeTable;
  readonly #containers: ContainerSeen[];
  #more: MoreContainers;
  #position: WalkPosition;

  private constructor(stored: StoredExploration | undefined) {
    this.#table = stored === undefined ? new ShapeTable() : ShapeTable.restore(stored.table);
    this.#containers = [...(stored?.containers ?? [])];
    this.#more = stored?.more ?? { containers: 0, blobs: 0, bytes: 0, sampled: 0 };
    this.#position = stored?.position ?? {};
  }

  /** Returns a new exploration, or one that continues where another left off. */
  static from(stored: StoredExploration | undefined): Exploration {
    return new Exploration(stored);
  }

  add({ container, blobs, position, sample }: WalkStep): void {
    let bytes = 0;
    for (const { name, etag, bytes: size } of blobs) {
      this.#table.add({ container, name, etag, bytes: size });
      bytes += size;
    }
    this.#position = position;
    const last = this.#containers.at(-1);
    const current = last?.name === container ? last : { name: container, blobs: 0, bytes: 0, sample: null };
    const seen = { ...current, blobs: current.blobs + blobs.length, bytes: current.bytes + bytes };
    const fromStart = current.sample?.blobs ?? current.blobs;
    const told = sample === undefined ? seen : { ...seen, sample: { blobs: fromStart, ...sample } };
    if (last?.name === container) this.#containers[this.#containers.length - 1] = told;
    else this.#begin(told);
  }

  get position(): WalkPosition {
    return this.#position;
  }

  get table(): ShapeTable {
    return this.#table;
  }

  get containers(): readonly ContainerSeen[] {
    return this.#containers;
  }

  get more(): MoreContainers {
    return this.#more;
  }

  get progress(): ExploreProgress {
    const sum = (of: (container: ContainerSeen) => number): number =>
      this.#containers.reduce((total, container) => total + of(container), 0);
    return {
      containers: this.#more.containers + this.#containers.length,
      blobs: this.#more.blobs + sum(({ blobs }) => blobs),
      bytes: this.#more.bytes + sum(({ bytes }) => bytes),
      current: this.#containers.at(-1)?.name ?? null,
    };
  }

  store(): StoredExploration {
    return {
      v: 1,
      table: this.#table.store(),
      containers: this.#containers,
      more: this.#more,
      position: this.#position,
    };
  }

  /** Begins a container. Those that no longer fit are summed up, the smallest first. */
  #begin(container: ContainerSeen): void {
    if (this.#containers.length >= containersMax) {
      const smallest = this.#containers.reduce((least, each) => (each.blobs < least.blobs ? each : least));
      this.#containers.splice(this.#containers.indexOf(smallest), 1);
      const { containers, blobs, bytes, sampled } = this.#more;
      this.#more = {
        containers: containers + 1,
        blobs: blobs + smallest.blobs,
        bytes: bytes + smallest.bytes,
        sampled: sampled + (smallest.sample === null ? 0 : 1),
      };
    }
    this.#containers.push(container);
  }
}

/** How far an exploration is. */
export interface ExploreProgress {
  readonly containers: number;
  readonly blobs: number;
  readonly bytes: number;
  /** The container that is being listed. */
  readonly current: string | null;
}

/** An {@link Exploration} as JSON. */
export interface StoredExploration {
  readonly v: 1;
  readonly table: StoredTable;
  readonly containers: readonly ContainerSeen[];
  readonly more: MoreContainers;
  readonly position: WalkPosition;
}
