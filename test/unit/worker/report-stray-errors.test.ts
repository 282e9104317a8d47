import { EventEmitter } from 'node:events';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { reportStrayErrors } from '../../../src/worker/report-stray-errors.js';

function given(): { process: EventEmitter; lines: Record<string, unknown>[]; ended: string[] } {
  const process = new EventEmitter();
  const lines: Record<string, unknown>[] = [];
  const ended: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) });
  process.on('warning', () => void lines.push({ msg: "Node's own listener" }));
  reportStrayErrors({ process, log, end: (message) => void ended.push(message) });
  return { process, lines, ended };
}

test('a rejection that nobody handles is logged, and the process with all its slices continues', () => {
  const { process, lines, ended } = given();
  process.emit('unhandledRejection', new Error('lost'));
  expect(lines).toMatchObject([{ level: 50, msg: expect.stringContaining('defect'), err: { message: 'lost' } }]);
  expect(ended).toEqual([]);
});

test('an exception that nobody catches is logged, and ends the process with its message', () => {
  const { process, lines, ended } = given();
  process.emit('uncaughtException', new Error('broken'));
  expect(lines).toMatchObject([{ level: 60, err: { message: 'broken' } }]);
  expect(ended).toEqual(['broken']);
});

test('a warning of Node or of an SDK is one entry of the log, and not text between its entries', () => {
  const { process, lines } = given();
  process.emit('warning', Object.assign(new Error('Node 20 is leaving'), { name: 'NodeVersionSupportWarning' }));
  expect(lines).toMatchObject([{ level: 40, msg: 'Node 20 is leaving', warning: 'NodeVersionSupportWarning' }]);
});
