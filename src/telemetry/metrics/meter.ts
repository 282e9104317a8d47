import { metricTable, type Metric, type MetricKey } from './metric-table.js';

/** Labels of one series. */
export type Labels = Readonly<Record<string, string>>;

/** Where values go; Temporal's `MetricMeter` is one. A call takes about 3 µs. */
export interface Meter {
  createCounter(name: string, unit?: string, description?: string): { add(value: number, labels?: Labels): void };
  createHistogram(
    name: string,
    valueType?: 'int' | 'float',
    unit?: string,
    description?: string,
  ): { record(value: number, labels?: Labels): void };
  createGauge(
    name: string,
    valueType?: 'int' | 'float',
    unit?: string,
    description?: string,
  ): { set(value: number, labels?: Labels): void };
}

/** Takes a value of one metric: adds to a counter, records in a histogram, sets a gauge. */
export type Take = (value: number, labels?: Labels) => void;

/** Makes every metric of the table, and returns what takes the values of each. */
export function createMetrics(meter: Meter): Readonly<Record<MetricKey, Take>> {
  const entries = Object.entries(metricTable).map(([key, metric]) => [key, createMetric(meter, metric)] as const);
  return Object.fromEntries(entries) as Record<MetricKey, Take>;
}

function createMetric(meter: Meter, { name, kind, labels: declared, meaning }: Metric): Take {
  if (kind === 'histogram') {
    const histogram = meter.createHistogram(name, 'float', '', meaning);
    return (value, labels) => histogram.record(value, labels);
  }
  if (kind === 'gauge') {
    const gauge = meter.createGauge(name, 'float', '', meaning);
    // So that the metric is there before any of its series is.
    if (declared.length > 0) gauge.set(0);
    return (value, labels) => gauge.set(value, labels);
  }
  // The exporter adds the suffix.
  const counter = meter.createCounter(name.replace(/_total$/, ''), '', meaning);
  // So that the metric is there before anything is counted.
  counter.add(0);
  return (value, labels) => counter.add(value, labels);
}

/** The bounds of the buckets of histograms, by their names. */
export const histogramBuckets: Record<string, number[]> = Object.fromEntries(
  Object.values<Metric>(metricTable).flatMap(({ name, buckets }) =>
    buckets === undefined ? [] : [[name, [...buckets]] as const],
  ),
);
