import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A metric that something in `deploy` asks Prometheus for. */
export interface UsedMetric {
  readonly name: string;
  readonly where: string;
}

/** Returns every metric of Longhaul and of Temporal's SDK that the dashboard and the alert rules use. */
export function usedMetrics(): readonly UsedMetric[] {
  return [...dashboardExpressions(dashboard()), ...alertExpressions()].flatMap(({ where, expression }) =>
    [...expression.matchAll(/\b(?:longhaul|temporal)_\w+/g)].map(([name]) => ({ where, name })),
  );
}

interface Used {
  readonly where: string;
  readonly expression: string;
}

/** The dashboard, as Grafana imports it. */
export interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}

/** A panel of the dashboard; a `row` is the title of those below it. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: DataSource;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly { readonly refId: string; readonly expr: string; readonly datasource?: DataSource }[];
}

interface DataSource {
  readonly type: string;
  readonly uid: string;
}

/** Reads the dashboard. */
export function dashboard(): Dashboard {
  return JSON.parse(readDeployed('grafana/longhaul.json')) as Dashboard;
}

function dashboardExpressions({ panels, templating }: Dashboard): readonly Used[] {
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
