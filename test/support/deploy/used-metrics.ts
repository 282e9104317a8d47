import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A metric that something in `deploy` asks Prometheus for. */
export interface UsedMetric {
  readonly name: string;
  readonly where: string;
}

/** Returns every metric of Longhaul and of Temporal's SDK that the dashboard and the alert rules use. */
export function usedMetrics(): readonly UsedMetric[] {
  return [...dashboardExpressions(), ...alertExpressions()].flatMap(({ where, expression }) =>
    [...expression.matchAll(/\b(?:longhaul|temporal)_\w+/g)].map(([name]) => ({ where, name })),
  );
}

interface Used {
  readonly where: string;
  readonly expression: string;
}

function dashboardExpressions(): readonly Used[] {
  const { panels, templating } = JSON.parse(readDeployed('grafana/longhaul.json')) as {
    readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
    readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
  };
  return [
    ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ where: title, expression: expr }))),
    ...templating.list.map(({ name, definition = '' }) => ({ where: `$${name}`, expression: definition })),
  ];
}

function alertExpressions(): readonly Used[] {
  const { groups } = parse(readDeployed('prometheus/alerts.yml')) as {
    readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
  };
  return groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => ({ where: alert, expression: expr })));
}

function readDeployed(path: string): string {
  return readFileSync(new URL(`../../../deploy/${path}`, import.meta.url), 'utf8');
}
