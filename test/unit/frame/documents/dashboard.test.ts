import { describe, expect, it } from 'vitest';
import { dashboard, type Panel } from '../../../support/deploy/used-metrics.js';

const { panels, templating } = dashboard();
const charts = panels.filter(({ type }) => type !== 'row');
const variables = new Set(templating.list.map(({ name }) => name));
const source = { type: 'prometheus', uid: '${datasource}' };
// Those of Grafana's list of units that fit what we count.
const units = ['short', 'none', 'ops', 'reqps', 'Bps', 'bytes', 's', 'ms', 'percentunit'];

describe('the dashboard', () => {
  it.each(charts.map((panel): [string, Panel] => [panel.title, panel]))(
    'has a panel "%s" with a description, a unit, the chosen data source and queries',
    (_title, { description, datasource, fieldConfig, targets = [], type }) => {
      expect(['stat', 'timeseries']).toContain(type);
      expect(description).toMatch(/^[A-Z0-9].*\.$/);
      expect(units).toContain(fieldConfig?.defaults.unit);
      expect([datasource, ...targets.map((target) => target.datasource)]).toEqual([
        source,
        ...targets.map(() => source),
      ]);
      expect(targets.length).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      for (const { expr } of targets)
        for (const [, name = ''] of expr.matchAll(/\$(\w+)/g))
          expect(['__rate_interval', ...variables], expr).toContain(name);
    },
  );

  it('has panels with titles and ids of their own, none on top of another', () => {
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ title, gridPos: { x, y, w, h } }) => {
      expect(x + w, title).toBeLessThanOrEqual(24);
      return Array.from(
        { length: w * h },
        (_unused, at) => `${String(x + (at % w))}/${String(y + Math.floor(at / w))}`,
      );
    });
    expect(new Set(cells).size).toBe(cells.length);
  });
});
