import { describe, expect, it } from 'vitest';
import { auditVerdict } from '../../../../scripts/lib/packages/audit-verdict.mjs';
import { drawFolders } from '../../../../scripts/lib/documents/draw-folders.mjs';
import { listInstallScriptProblems } from '../../../../scripts/lib/packages/install-scripts.mjs';
import { thirdPartyNotices } from '../../../../scripts/lib/packages/third-party-notices.mjs';

describe('the audit', () => {
  const report = (severity: string): string =>
    JSON.stringify({
      vulnerabilities: { zod: { name: 'zod', severity, range: '<4.0.1', nodes: ['node_modules/zod'] } },
    });
  const shipped = ['node_modules/zod'];

  it.each(['high', 'critical'])('fails on an advisory of level %s', (severity) => {
    expect(auditVerdict(report(severity), shipped)).toEqual({
      verdict: 'bad',
      lines: [`${severity}: zod <4.0.1`, '1 packages with advisories'],
    });
  });

  it('reports a lesser one, or none, without failing', () => {
    expect(auditVerdict(report('low'), shipped)).toMatchObject({
      verdict: 'good',
      lines: ['low: zod <4.0.1', expect.anything()],
    });
    expect(auditVerdict('{"vulnerabilities":{}}', shipped).verdict).toBe('good');
  });

  it('counts only what reaches users', () => {
    expect(auditVerdict(report('critical'), ['node_modules/zod/node_modules/a'])).toEqual({
      verdict: 'good',
      lines: ['0 packages with advisories'],
    });
  });

  it.each([
    ['the registry refuses', '{"message":"405 Method Not Allowed - POST https://registry.example/x","method":"POST"}'],
    ['npm reports an error', '{"error":{"summary":"ENOTFOUND https://registry.example"}}'],
    ['nothing is printed', ''],
  ])('was not run when %s, and names no address', (_what, text) => {
    const { verdict, lines } = auditVerdict(text, shipped);
    expect(verdict).toBe('not run');
    expect(lines).toEqual([expect.stringMatching(/^not run: /)]);
    expect(lines[0]).not.toContain('registry.example');
  });
});

describe('install scripts', () => {
  const lock = JSON.stringify({
    packages: { 'node_modules/a/node_modules/b': { hasInstallScript: true }, 'node_modules/c': {} },
  });

  it('are right when each is known', () => {
    expect(listInstallScriptProblems(lock, new Map([['a > b', 'why']]))).toEqual([]);
  });

  it('are wrong when one is new, and when one is gone', () => {
    expect(listInstallScriptProblems(lock, new Map([['c', 'why']]))).toEqual([
      expect.stringMatching(/^a > b runs a script/),
      expect.stringMatching(/^c no longer runs a script/),
    ]);
  });
});

describe('third-party notices', () => {
  const mit = (holder: string): string =>
    `MIT License\n\nCopyright (c) 2020 ${holder}\n\nPermission is granted\nto any.\n`;

  it('name every package and holder, and hold a licence once', () => {
    const text = thirdPartyNotices([
      { name: 'b', version: '1.0.0', licence: 'MIT', texts: [mit('Bea')] },
      { name: 'a', version: '2.0.0', licence: 'MIT', texts: [mit('Ada').replaceAll('\n', '\r\n')] },
      { name: 'c', version: '3.0.0', licence: 'ISC', texts: [] },
    ]);
    expect(text).toContain(
      'a 2.0.0 (MIT, text 1)\n    Copyright (c) 2020 Ada\n' +
        'b 1.0.0 (MIT, text 1)\n    Copyright (c) 2020 Bea\nc 3.0.0 (ISC)\n',
    );
    expect(text.match(/Permission is granted/g)).toHaveLength(1);
  });
});

describe('the picture of the folders', () => {
  it('has an arrow for code, a dotted one for types alone, and one node for a program and its wiring', () => {
    const picture = drawFolders([
      {
        source: 'src/worker.ts',
        dependencies: [{ resolved: 'src/worker/run.ts' }, { resolved: 'src/env.ts' }, { resolved: 'node_modules/zod' }],
      },
      { source: 'src/worker/run.ts', dependencies: [{ resolved: 'src/domain/unit.ts', typeOnly: true }] },
      { source: 'src/worker/more.ts', dependencies: [{ resolved: 'src/domain/ids.ts' }] },
      { source: 'src/workflows/a.ts', dependencies: [{ resolved: 'src/activities/b.ts', typeOnly: true }] },
    ]);
    expect(picture).toBe('flowchart TD\n  worker --> domain\n  workflows -.-> activities');
  });

  it('shows the rooms inside a folder, and nothing that leads out of it', () => {
    const picture = drawFolders(
      [
        {
          source: 'src/pipeline/unit/move-unit.ts',
          dependencies: [{ resolved: 'src/pipeline/join/raw-bytes.ts' }, { resolved: 'src/domain/unit.ts' }],
        },
      ],
      'src/pipeline',
    );
    expect(picture).toBe('flowchart TD\n  unit --> join');
  });
});
