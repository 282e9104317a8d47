import { Failure } from '../../domain/failure.js';
import { partitionId, sliceId } from '../../domain/ids.js';
import type { EndedTry } from '../../pipeline/slice/slice-job.js';
import {
  BatchSpanProcessor,
  diag,
  DiagLogLevel,
  defaultResource,
  detectResources,
  envDetector,
  OTLPTraceExporter,
  resourceFromAttributes,
  SpanKind,
  SpanStatusCode,
  TracerProvider,
} from '../sdk/open-telemetry.js';
import { unitOutcome } from '../unit-outcome.js';
import type { SliceWatch, WatchSlice } from '../watched-move-slice.js';

/** The spans of a process. */
export interface Traces {
  readonly watchSlice: WatchSlice;
  /** Sends what is left, for at most a few seconds. Never rejects. */
  close(): Promise<void>;
}

/** What spans are made with. */
export interface TracesOptions {
  /** Share of the units that have a span; those that fail always have one. */
  readonly ratio: number;
  readonly version: string;
  readonly redact: (text: string) => string;
  /** Called with the reason when spans are lost. */
  readonly onProblem: (message: string) => void;
}

/** A collector that does not answer must not hold up a drain. */
const closeWithinMs = 5_000;

/**
 * Opens the export of spans by OTLP over HTTP, to where `OTEL_EXPORTER_OTLP_*` say, as the service that
 * `OTEL_SERVICE_NAME` or `OTEL_RESOURCE_ATTRIBUTES` name. A span is one try at a unit, made when it has ended, so that
 * nothing is kept for units in flight. At most 2,048 spans wait to be sent; while a collector does not answer, further
 * ones are dropped.
 */
export function openTraces({ ratio, version, redact, onProblem }: TracesOptions): Traces {
  const diagnose = (message: string): void => onProblem(redact(message));
  diag.setLogger(
    { ...{ error: diagnose, warn: diagnose }, ...{ info: ignore, debug: ignore, verbose: ignore } },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const named = resourceFromAttributes({ 'service.name': 'longhaul', 'service.version': version });
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(named)
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  const tracer = provider.getTracer('longhaul', version);

  return {
    watchSlice: ({ task, resources }): SliceWatch => {
      const slice = {
        'longhaul.migration': resources.record.name,
        'longhaul.round': task.round,
        'longhaul.partition': partitionId(task.partition),
        'longhaul.slice': sliceId(task.slice),
      };
      return {
        tried: (ended) => {
          const outcome = unitOutcome(ended.outcome);
          if (outcome !== 'failed' && Math.random() >= ratio) return;
          const attributes = { ...slice, 'longhaul.outcome': outcome, ...attributesOf(ended) };
          const startTime = ended.startedAtMs;
          const span = tracer.startSpan('move unit', { kind: SpanKind.INTERNAL, startTime, attributes });
          const problem = ended.outcome.message;
          if (problem !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: redact(problem) });
          span.end(startTime + ended.seconds * 1_000);
        },
        recorded: ignore,
        beat: ignore,
        ended: ignore,
      };
    },
    async close() {
      const closed = provider.shutdown().catch((error: unknown) => diagnose(String(error)));
      const late = new Promise((resolve) => setTimeout(resolve, closeWithinMs).unref());
      await Promise.race([closed, late]);
    },
  };
}

function attributesOf({ unit, stages, outcome }: EndedTry): Record<string, string | number> {
  const spent = Object.entries(stages).map(([stage, seconds]) => [`longhaul.${stage}_seconds`, seconds]);
  return {
    'longhaul.unit': unit.id,
    'longhaul.key': unit.key,
    ...(Object.fromEntries(spent) as Record<string, number>),
    ...(outcome instanceof Failure
      ? { 'longhaul.class': outcome.failureClass }
      : {
          'longhaul.blobs': outcome.blobs,
          'longhaul.source_bytes': outcome.bytes.source,
          'longhaul.target_bytes': outcome.bytes.target,
          ...(outcome.class !== undefined && { 'longhaul.class': outcome.class }),
        }),
  };
}

function ignore(): void {
  // Of no interest to spans.
}
