// A migration of millions of units would flood a collector that nobody has sized for it.
const defaultRatio = 0.01;

/**
 * Returns which share of the units gets a span, from 0 to 1, or undefined if no traces are wanted. They are wanted if
 * `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` is set. `OTEL_TRACES_SAMPLER_ARG` is the ratio,
 * unless `OTEL_TRACES_SAMPLER` names a sampler that needs none. Anything that is not a ratio means the default.
 */
export function sampleRatio(variables: Readonly<Record<string, string | undefined>>): number | undefined {
  const endpoint = variables['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || variables['OTEL_EXPORTER_OTLP_ENDPOINT'];
  const isDisabled = variables['OTEL_SDK_DISABLED'] === 'true' || variables['OTEL_TRACES_EXPORTER'] === 'none';
  if (!endpoint || isDisabled) return undefined;
  const sampler = variables['OTEL_TRACES_SAMPLER']?.replace(/^parentbased_/, '');
  if (sampler === 'always_on') return 1;
  if (sampler === 'always_off') return undefined;
  const text = variables['OTEL_TRACES_SAMPLER_ARG'];
  const ratio = text ? Number(text) : defaultRatio;
  return ratio >= 0 && ratio <= 1 ? ratio : defaultRatio;
}
