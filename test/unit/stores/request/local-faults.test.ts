import { describe, expect, it } from 'vitest';
import { localFault, localFaultText } from '../../../../src/stores/request/local-faults.js';

describe('an error of this machine', () => {
  it.each([
    [{ code: 'EMFILE' }, 'shortage'],
    [{ code: 'ECONNREFUSED', syscall: 'connect', errno: -111 }, 'unreached'],
    [{ code: 'ENOTFOUND', syscall: 'getaddrinfo', errno: -3008 }, 'unreached'],
    [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'certificate'],
    [{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'certificate'],
    [{ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, 'certificate'],
    [{ code: 'ENOENT', syscall: 'open', errno: -2 }, 'file'],
    [{ code: 'EISDIR', syscall: 'read', errno: -21 }, 'file'],
    [{ code: 'EACCES', syscall: 'connect', errno: -13 }, undefined],
    [{ code: 'ECONNRESET', syscall: 'read', errno: -104 }, undefined],
    [{}, undefined],
  ])('%j is of kind %s', (fields, kind) => {
    expect(localFault(Object.assign(new Error('x'), fields))).toBe(kind);
  });

  it('is put into words when its own text does not help', () => {
    const text = (code: string, syscall?: string): string | undefined =>
      localFaultText(Object.assign(new Error('x'), { code, syscall, errno: -1 }));
    expect(text('ERR_TLS_CERT_ALTNAME_INVALID')).toBe("the server's certificate is for another name");
    expect(text('CERT_HAS_EXPIRED')).toContain('not trusted');
    expect(text('EISDIR', 'read')).toBe('a file of the credential cannot be read: it is a directory');
    expect(text('ECONNREFUSED')).toBeUndefined();
  });
});
