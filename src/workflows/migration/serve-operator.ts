import { setHandler } from '@temporalio/workflow';
import { pauseUpdate, resumeUpdate, tuneUpdate, type ControlAnswer } from '../operator-messages.js';
import type { OperatorDesk } from './operator-desk.js';
import type { RootView } from './root-view.js';

/**
 * Serves the updates of a migration. To be called before the first await, so that none is refused because it comes
 * early.
 */
export function serveOperator(desk: OperatorDesk, view: Pick<RootView, 'phase'>): void {
  const answer = (): ControlAnswer => ({ phase: view.phase, control: desk.directives });
  setHandler(
    pauseUpdate,
    (request) => {
      desk.pause(request);
      return answer();
    },
    {
      validator: (request) => desk.checkPause(request),
      description:
        'Pauses the migration: {"mode": "drain"} lets the units in flight end, {"mode": "now"} makes slices checkpoint and hand back.',
    },
  );
  setHandler(
    resumeUpdate,
    (request) => {
      desk.resume(request);
      return answer();
    },
    {
      validator: (request) => desk.checkResume(request),
      description:
        'Releases what is paused or blocked: {}. With {"acceptFailures": true} it continues although too many units have failed.',
    },
  );
  setHandler(
    tuneUpdate,
    (request) => {
      desk.tune(request);
      return answer();
    },
    {
      validator: (request) => desk.checkTune(request),
      description:
        'Changes how much each worker process does at a time, live: {"unitsInFlight": 32, "bytesPerSecond": 100000000}.',
    },
  );
}
