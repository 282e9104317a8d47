import { beforeEach, describe, expect, it } from 'vitest';
import { HealthBoard } from '../../../../src/worker/health/health-board.js';

describe('the health of a worker with two processes', () => {
  let nowMs: number;
  let board: HealthBoard;
  beforeEach(() => {
    nowMs = 0;
    board = new HealthBoard({ processes: 2, drainMs: 75_000, now: () => nowMs });
  });

  it('is ready once both ask Temporal for work, and names the process that does not', () => {
    expect(board.ready()).toMatchObject({ ok: false, status: 'process 1 has not reached Temporal yet' });
    board.note(1, 'polling');
    expect(board.ready()).toEqual({
      ok: false,
      status: 'process 2 has not reached Temporal yet',
      processes: { 1: 'polling', 2: 'starting' },
    });
    board.note(2, 'polling');
    expect(board.ready()).toMatchObject({ ok: true, status: 'ready' });
  });

  it('is not ready, but healthy, while Temporal does not answer or a process starts again', () => {
    board.note(1, 'polling');
    board.note(2, 'unreachable');
    expect(board.ready()).toMatchObject({ ok: false, status: 'process 2 gets no answer from Temporal any more' });
    board.note(2, 'polling');
    board.note(1, 'starting');
    expect(board.ready()).toMatchObject({ ok: false });
    expect(board.live()).toMatchObject({ ok: true, status: 'healthy' });
  });

  it('is not ready while it drains, and unhealthy once the drain outlives the kill of what is stuck', () => {
    for (const number of [1, 2]) board.note(number, 'polling');
    board.noteDrain();
    nowMs = 80_000;
    board.noteDrain();
    expect(board.ready()).toMatchObject({ ok: false, status: 'drains' });
    expect(board.live()).toMatchObject({ ok: true });
    nowMs = 81_000;
    expect(board.live()).toMatchObject({ ok: false, status: 'has been draining for 81 s' });
  });
});
