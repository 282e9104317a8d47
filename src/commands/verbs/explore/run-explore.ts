import type { ExploreRequest } from '../../../explore/explore-request.js';
import type { UnitsPosition } from '../../../explore/list-units.js';
import type { UnitPattern } from '../../../shapes/proposal/propose-find.js';
import { CommandError } from '../../ending/command-error.js';
import { exitStatus, type ExitStatus } from '../../ending/exit-status.js';
import { readMigrationFile } from '../../migration/read-migration-file.js';
import type { TemporalPort } from '../../ports/temporal-port.js';
import { formatCount } from '../../../domain/text/format.js';
import { openProgressView, quietMs } from '../../screen/open-progress-view.js';
import type { ProgressView } from '../../screen/progress-view.js';
import type { VerbCall } from '../../verb.js';
import { exploredDocument, type WrittenUnits } from './explored-document.js';
import { followExploration } from './follow-exploration.js';
import { parseExploredPlace } from './parse-explored-place.js';
import { propose, type ProposedShape } from './propose.js';
import { isSampled, renderExplored } from './render-explored.js';
import { requireNewFile, writeUnitsFile } from './write-units-file.js';

/** Runs `longhaul explore`. */
export async function runExplore({ context, printer, operands, options }: VerbCall): Promise<ExitStatus> {
  const { accountsOf, period, unitsFile, shape: wanted, whole } = options;
  const file = accountsOf === undefined ? undefined : await readMigrationFile(accountsOf);
  const text = operands[0] ?? '';
  const request: ExploreRequest = { ...parseExploredPlace(text, file), whole };
  if (unitsFile !== undefined && period === 'span') {
    throw new CommandError(exitStatus.usage, 'Writing the units failed: names do not show the spans that units cover', {
      next: 'write the units file yourself, with the columns first and last; without --units, explore shows the rest',
    });
  }
  if (unitsFile !== undefined) await requireNewFile(unitsFile);
  const temporal = await context.connectTemporal(context.environment);
  const view = openProgressView(context, quietMs);
  try {
    const run = await temporal.explorations.start(request);
    const explored = await followExploration(context, temporal, { run, view, doing: `Exploring ${text}` });
    view.close();
    const proposed = propose(explored, {
      account: request.account.name,
      unitsFile: unitsFile ?? 'units.csv',
      period,
    });
    printer.say(renderExplored(request, explored, proposed));
    let written: WrittenUnits | null = null;
    if (unitsFile !== undefined) {
      const shape = shapeOf(proposed, wanted);
      written = await writeUnits({ context, temporal, request, shape, path: unitsFile });
      const from = isSampled(explored) ? ', only of what was listed; --whole finds all' : '';
      printer.say(
        `\nwrote ${formatCount(written.units)} units of shape ${String(shape.number)} to ${unitsFile}${from}`,
      );
    }
    printer.document(exploredDocument(request, explored, { proposed, written }));
    return exitStatus.done;
  } finally {
    view.close();
    await temporal.close();
  }
}

function shapeOf(proposed: readonly ProposedShape[], wanted: number): ProposedShape {
  const shape = proposed[wanted - 1];
  if (shape !== undefined) return shape;
  const why = proposed.length === 0 ? 'there is no blob' : `there is no shape ${String(wanted)}`;
  throw new CommandError(exitStatus.usage, `Writing units failed: ${why}`, {
    next: 'look at the shapes without --units first',
  });
}

interface UnitsWriting {
  readonly context: VerbCall['context'];
  readonly temporal: TemporalPort;
  readonly request: ExploreRequest;
  readonly shape: ProposedShape;
  readonly path: string;
}

async function writeUnits({ context, temporal, request, shape, path }: UnitsWriting): Promise<WrittenUnits> {
  const { columns, units } = shape.find;
  if (units === null) throw new RangeError('units that are spans cannot be listed');
  const pattern: UnitPattern = units;
  const view: ProgressView = openProgressView(context, quietMs);
  async function* pages(): AsyncGenerator<readonly (readonly string[])[]> {
    let position: UnitsPosition | null = { walk: {}, skip: 0 };
    while (position !== null) {
      const run = await temporal.explorations.startUnits({ request, columns, pattern, position });
      const page = await followExploration(context, temporal, { run, view, doing: 'Listing units' });
      yield page.units;
      position = page.next;
    }
  }
  try {
    return { path, shape: shape.number, columns, units: await writeUnitsFile(path, columns, pages()) };
  } finally {
    view.close();
  }
}
