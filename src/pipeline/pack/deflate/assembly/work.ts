/**
 * Work done for the segment, in steps of about equal cost: a candidate looked at, 8 bytes compared, a position entered
 * into the hash chains. Tests prove by this count that hostile input takes bounded time, whatever else the machine is
 * doing.
 */
export let workSteps: u32 = 0;

export function resetWork(): void {
  workSteps = 0;
}

export function addWork(steps: u32): void {
  workSteps += steps;
}
