import { setHandler } from '@temporalio/workflow';
import { pauseUpdate, resumeUpdate, tuneUpdate, type ControlAnswer } from '../operator-messages.js';
import type { OperatorDesk } from './operator-desk.js';
import type { RootView } from './root-view.js';

/** Serves the updates of a migration. Call it before the first await, so that an early update is not refused. */
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
        'Pauses the migration: {"mode": "drain"} lets the units in flight finish, ' +
        '{"mode": "now"} interrupts them, and they resume at their last checkpoint.',
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
        'Resumes a paused migration and retries what is blocked: {}. ' +
        '{"acceptFailures": true} continues although too many units have failed.',
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
        'Changes the limits of each worker process while it runs: ' +
        '{"unitsInFlight": 32, "bytesPerSecond": 100000000}, and the ceilings of source accounts for all of them: ' +
        '{"requestsPerSecond": {"east": 2000}}.',
    },
  );
}
