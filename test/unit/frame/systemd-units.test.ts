import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planTemporal } from '../../../src/local/parts/temporal-part.js';
import { planPorts } from '../../../src/local/ports/plan-ports.js';

const deploy = new URL('../../../deploy/systemd/', import.meta.url).pathname;
const units = readdirSync(deploy).filter((name) => name.endsWith('.service'));
const analyser = 'systemd-analyze';
const hasSystemd = (process.env['PATH'] ?? '').split(delimiter).some((path) => existsSync(join(path, analyser)));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-units-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(units)('%s', (unit) => {
  const text = readFileSync(join(deploy, unit), 'utf8');

  it('is understood in every line', async () => {
    expect(await complaintsAbout(unit, text)).toEqual('');
  });

  it('is not taken as understood when a line is wrong', async () => {
    const wrong = text.replace('Restart=always', 'Restart=always\nRestrat=always');
    expect(await complaintsAbout(unit, wrong)).toContain("'Restrat'");
  });

  it('is started again whatever ended it, without giving up, and has no more rights than it needs', () => {
    expect(settings(text)).toMatchObject({
      Restart: ['always'],
      StartLimitIntervalSec: ['0'],
      User: ['longhaul'],
      NoNewPrivileges: ['yes'],
      ProtectSystem: ['strict'],
      ProtectHome: ['yes'],
      CapabilityBoundingSet: [''],
      SystemCallFilter: ['@system-service', '~@privileged @resources'],
      SystemCallErrorNumber: ['EPERM'],
    });
  });

  it('is exposed to at most 2.0 of the 10 that systemd counts', async () => {
    expect(await exposureOf(unit, text)).toBeLessThanOrEqual(2);
  });

  it('counts as exposed when it may call whatever the kernel offers', async () => {
    const wide = text.replaceAll(/^SystemCallFilter=.*\n/gm, '');
    expect(await exposureOf(unit, wide)).toBeGreaterThan(hasSystemd ? 2 : -1);
  });
});

describe('the worker as a service', () => {
  it('is told once to drain, and has longer for it than a stuck slice may take', () => {
    const found = settings(readFileSync(join(deploy, 'longhaul-worker.service'), 'utf8'));
    expect(found).toMatchObject({ KillSignal: ['SIGTERM'], KillMode: ['mixed'], TimeoutStopSec: ['90'] });
    expect(found).toMatchObject({ EnvironmentFile: ['/etc/longhaul/worker.env'] });
    // V8 and WebAssembly compile while they run.
    expect(found).not.toHaveProperty('MemoryDenyWriteExecute');
  });
});

describe('the Temporal server as a service', () => {
  const program = '/usr/local/bin/temporal';
  const plan = (baseEnv = {}) =>
    planTemporal({
      stateDir: '/var/lib/longhaul-temporal',
      ports: planPorts(),
      explicit: program,
      baseEnv,
      probe: () => Promise.resolve(),
    });

  it('is started as the one of the local stack', () => {
    const { ExecStart: [line = ''] = [] } = settings(
      readFileSync(join(deploy, 'longhaul-temporal.service'), 'utf8').replaceAll('%S', '/var/lib'),
    );
    const [command, ...args] = unquoted(line).split(/\s+/);
    const launch = plan().launch(program);
    expect(command).toBe(launch.command);
    expect(options(args)).toEqual(options(launch.args));
  });

  it('is set up as the one of the local stack, once it answers', async () => {
    const log = join(folder, 'calls');
    const recorder = join(folder, 'temporal');
    // Its first call fails, as that of a server that still starts.
    writeFileSync(recorder, `#!/bin/sh\necho "$@" >>"${log}"\n[ "$(wc -l <"${log}")" -gt "\${FAILS:-0}" ]\n`, {
      mode: 0o755,
    });
    const calls = (): string[] => readFileSync(log, 'utf8').trim().split('\n').map(sorted);

    await plan({ PATH: process.env['PATH'] }).settle?.(recorder, new AbortController().signal);
    const wanted = calls();
    expect(wanted.length).toBeGreaterThan(1);

    rmSync(log);
    await execa(join(deploy, 'settle-temporal'), [recorder], { env: { FAILS: '1' } });
    expect(calls().slice(1)).toEqual(wanted);
  });
});

/** What systemd says about a unit, or where there is no systemd, what its form and a list of the keys in use say. */
async function complaintsAbout(unit: string, text: string): Promise<string> {
  if (!hasSystemd) return ownComplaints(text);
  const { stderr, exitCode } = await execa(analyser, ['verify', copyOf(unit, text)], { reject: false });
  return stderr === '' && exitCode !== 0 ? `exit status ${String(exitCode)}` : stderr;
}

/** How exposed systemd thinks a service is, from 0 to 10; 0 where there is no systemd that could tell. */
async function exposureOf(unit: string, text: string): Promise<number> {
  if (!hasSystemd) return 0;
  const { stdout } = await execa(analyser, ['security', '--offline=true', '--no-pager', copyOf(unit, text)]);
  const [, level] = /Overall exposure level for .*: (\d+\.\d)/.exec(stdout) ?? [];
  if (level === undefined) throw new Error(`systemd-analyze told no level:\n${stdout}`);
  return Number(level);
}

/** Writes a unit of which no program needs to be installed. */
function copyOf(unit: string, text: string): string {
  const path = join(mkdtempSync(join(folder, 'copy-')), unit);
  writeFileSync(path, text.replaceAll(/\/usr\/local\/(bin|lib\/longhaul)\/[a-z-]+/g, '/bin/true'));
  return path;
}

function ownComplaints(text: string): string {
  const known = new Set(knownKeys.split(' '));
  return Object.keys(settings(text))
    .filter((key) => !known.has(key))
    .map((key) => `Unknown key '${key}'`)
    .join('\n');
}

const knownKeys =
  'Description Documentation Wants After StartLimitIntervalSec Type User StateDirectory StateDirectoryMode ' +
  'WorkingDirectory Environment EnvironmentFile ExecStart ExecStartPost TimeoutStartSec TimeoutStopSec Restart ' +
  'RestartSec RestartPreventExitStatus KillSignal KillMode LimitNOFILE UMask NoNewPrivileges CapabilityBoundingSet ' +
  'IPAddressAllow IPAddressDeny LockPersonality MemoryDenyWriteExecute PrivateDevices PrivateMounts PrivateTmp ' +
  'PrivateUsers ProtectClock ProtectControlGroups ProtectHome ProtectHostname ProtectKernelLogs ' +
  'ProtectKernelModules ProtectKernelTunables ProtectProc ProtectSystem RemoveIPC RestrictAddressFamilies ' +
  'RestrictNamespaces RestrictRealtime RestrictSUIDSGID SystemCallArchitectures SystemCallErrorNumber ' +
  'SystemCallFilter WantedBy';

/** The settings of a unit, each with its values in order. */
function settings(text: string): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  for (const line of text.replaceAll(/\\\n\s*/g, '').split('\n')) {
    if (line === '' || /^[#[]/.test(line)) continue;
    const [, key = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (key === '') throw new Error(`not a line of a unit: ${line}`);
    (found[key] ??= []).push(value);
  }
  return found;
}

/** A command line without systemd's escapes. */
const unquoted = (line: string): string => line.replaceAll('\\"', '"');

/** Arguments with each option beside its value, sorted: their order means nothing. */
function options(args: readonly string[]): readonly string[] {
  return args
    .join(' ')
    .split(/ (?=--)/)
    .sort();
}

const sorted = (line: string): string => options(line.split(' ')).join(' ');
