import { describe, expect, it } from 'vitest';
import { inlineCode } from '../../../src/client/inline-code.js';

describe('inline code in the Web UI', () => {
  it.each([
    ['units.csv', '`units.csv`'],
    ['[click](javascript:alert(1)) <img src=x>', '`[click](javascript:alert(1)) <img src=x>`'],
    ['a`b``c', '```a`b``c```'],
    ['`', '`` ` ``'],
    ['', '` `'],
    ['two\nlines', '`two lines`'],
    ['\u202egpj.exe', String.raw`\`\u202egpj.exe\``.replaceAll('\\`', '`')],
  ])('of %j shows it and nothing else', (text, code) => {
    expect(inlineCode(text)).toBe(code);
  });
});
