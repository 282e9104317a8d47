/** What the engineer of the story measured on his machine: other data, another network, and the same kind of list. */
export interface StoryFigure {
  readonly program: string;
  readonly units: number;
  readonly seconds?: number;
  readonly megabitsPerSecond: number;
  /** The row that does the same here. */
  readonly row: string;
}

export const storyFigures: readonly StoryFigure[] = [
  { program: 'a serial script', units: 1_000, seconds: 20 * 60, megabitsPerSecond: 0.4, row: 'serial' },
  {
    program: 'actors that extract, transform and load',
    ...{ units: 1_000, seconds: 7 * 60, megabitsPerSecond: 1.1, row: 'actors' },
  },
  {
    program: 'a queue with threads and a progress bar',
    ...{ units: 1_000, seconds: 54, megabitsPerSecond: 8, row: 'threads' },
  },
  { program: 'a queue with threads, on a longer list', units: 5_000, megabitsPerSecond: 12, row: 'threads' },
];
