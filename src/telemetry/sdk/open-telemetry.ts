// All of OpenTelemetry that Longhaul runs. The build puts its code into this file; see docs/decisions/0027.
export { diag, DiagLogLevel, SpanKind, SpanStatusCode } from '@opentelemetry/api';
export { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
export { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
export { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
