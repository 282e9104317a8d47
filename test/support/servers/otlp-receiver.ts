import { startScriptedServer, type ScriptedServer } from './scripted-server.js';

/** A span as a collector receives it, with its attributes as plain values. */
export interface ReceivedSpan {
  readonly name: string;
  readonly service: unknown;
  readonly startMs: number;
  readonly endMs: number;
  /** 2 for a failure. */
  readonly status: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Takes spans by OTLP over HTTP, as a collector does. */
export interface OtlpReceiver {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** The headers and bodies that arrived. */
  readonly requests: ScriptedServer['requests'];
  close(): Promise<void>;
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface TracesRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly name: string;
        readonly startTimeUnixNano: string;
        readonly endTimeUnixNano: string;
        readonly status: { readonly code: number };
        readonly attributes: readonly Attribute[];
      }[];
    }[];
  }[];
}

/** Starts a receiver on loopback. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const server = await startScriptedServer(({ url, body }, response) => {
    if (url === '/v1/traces') spans.push(...readSpans(JSON.parse(body.toString()) as TracesRequest));
    response.setHeader('content-type', 'application/json');
    response.end('{}');
  });
  return { url: server.url, spans, requests: server.requests, close: () => server.close() };
}

function readSpans({ resourceSpans }: TracesRequest): readonly ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans
      .flatMap(({ spans }) => spans)
      .map(({ name, startTimeUnixNano, endTimeUnixNano, status, attributes }) => ({
        name,
        service: plain(resource.attributes)['service.name'],
        startMs: Number(startTimeUnixNano) / 1e6,
        endMs: Number(endTimeUnixNano) / 1e6,
        status: status.code,
        attributes: plain(attributes),
      })),
  );
}

function plain(attributes: readonly Attribute[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
