import { writeStackState, type PartName, type PartRecord, type StackState } from './stack-state.js';

/** The state of a stack while the holder of its lock changes it. Each change is on disk when the call returns. */
export class StackRecord {
  constructor(
    private readonly stateDir: string,
    private current: StackState,
  ) {
    writeStackState(stateDir, current);
  }

  get state(): StackState {
    return this.current;
  }

  /** Records the process of a part, or that it has none. */
  setPart(name: PartName, part: PartRecord | undefined): void {
    const { [name]: _before, ...others } = this.current.parts;
    this.current = { ...this.current, parts: part === undefined ? others : { ...others, [name]: part } };
    writeStackState(this.stateDir, this.current);
  }
}
