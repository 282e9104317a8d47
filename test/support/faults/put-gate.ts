import type { GeneratedMigration } from '../migrations/generated-migration.js';
import type { ProxiedStores } from '../servers/proxied-stores.js';

/** Holds back the puts of a migration's objects, so that what a test does next happens while the migration runs. */
export class PutGate {
  readonly #stored = new Set<string>();
  #holdFrom = Number.POSITIVE_INFINITY;
  #gate = closedGate();

  /** Serves as the target's plan. Everything passes until {@link holdFrom}. */
  constructor(stores: Pick<ProxiedStores, 'target'>, { bucket }: Pick<GeneratedMigration, 'bucket'>) {
    stores.target.plan = ({ kind, path }) => {
      const publishes = kind === 'put object' || kind === 'complete upload';
      if (!publishes || !path.startsWith(`/${bucket}/`) || this.#stored.has(path)) return undefined;
      if (this.#stored.size < this.#holdFrom) {
        this.#stored.add(path);
        return undefined;
      }
      // It is counted when it is let through, because its client may not send it again.
      return { kind: 'hold', until: this.#gate.opened.then(() => void this.#stored.add(path)) };
    };
  }

  /** The number of objects that have been let through. */
  get stored(): number {
    return this.#stored.size;
  }

  /** Holds back every put once this many objects have been let through. */
  holdFrom(count: number): void {
    this.#holdFrom = count;
    this.#gate = closedGate();
  }

  /** Lets through what is held and whatever comes. */
  release(): void {
    this.#holdFrom = Number.POSITIVE_INFINITY;
    this.#gate.open();
  }
}

function closedGate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
