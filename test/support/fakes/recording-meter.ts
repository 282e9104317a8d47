import type { Labels, Meter } from '../../../src/telemetry/metrics/meter.js';

/** A meter that keeps the sums, the last values and the recorded values of every series, by name and sorted labels. */
export class RecordingMeter implements Meter {
  readonly values: Record<string, number | number[]> = {};

  createCounter(name: string) {
    return {
      add: (value: number, labels?: Labels): void => {
        const key = seriesKey(name, labels);
        this.values[key] = Number(this.values[key] ?? 0) + value;
      },
    };
  }

  createHistogram(name: string) {
    return {
      record: (value: number, labels?: Labels): void => {
        const key = seriesKey(name, labels);
        this.values[key] = [...((this.values[key] as number[] | undefined) ?? []), value];
      },
    };
  }

  createGauge(name: string) {
    return {
      set: (value: number, labels?: Labels): void => {
        if (value < 0) throw new Error(`the meter of Temporal refuses ${String(value)}`);
        this.values[seriesKey(name, labels)] = value;
      },
    };
  }
}

function seriesKey(name: string, labels: Labels = {}): string {
  const pairs = Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .sort();
  return [name, ...pairs].join(' ');
}
