import { describe, expect, test } from 'vitest';
import { answerPart, namesTag, readRange } from '../../../electron/core/api/range-policy.ts';
import { expectedVersion } from '../../../electron/core/api/serve-upload.ts';
import { partOf } from '../../../electron/core/files/file-part-policy.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import type { FileInfo } from '../../../electron/shared/files.ts';

const file = (change: Partial<FileInfo>): FileInfo => ({
  path: '/a',
  kind: 'file',
  link: false,
  size: 100,
  modified: 0,
  mode: 0o600,
  version: '100-0-1',
  ...change,
});

describe('a range', () => {
  test.each([
    ['bytes=0-9', { offset: 0, length: 10 }],
    ['bytes=5-', { offset: 5 }],
    ['bytes=-5', { offset: -5, length: 5 }],
    ['bytes=9-1', null],
    ['bytes=-', null],
    ['bytes=0-1,3-4', null],
    ['bytes=1e3-', null],
    [`bytes=${'9'.repeat(30)}-`, null],
    [undefined, null],
  ])('%s', (header, part) => expect(readRange(header)).toEqual(part));

  test('is answered within the file', () => {
    expect(answerPart({ offset: 90, length: 20 }, 100, 90)).toEqual({
      status: 206,
      bytes: 10,
      contentRange: 'bytes 90-99/100',
    });
    expect(answerPart({ offset: -500, length: 500 }, 100, 0)).toMatchObject({ status: 206, bytes: 100 });
    expect(answerPart({ offset: 100 }, 100, 100)).toMatchObject({ status: 416, contentRange: 'bytes */100' });
    expect(answerPart({ offset: -0, length: 0 }, 100, 0)).toMatchObject({ status: 416 });
    expect(answerPart(null, 0, 0)).toEqual({ status: 200, bytes: null, contentRange: null });
  });

  test('is cut to what the file had', () => {
    expect(partOf({ offset: 0 }, file({}))).toEqual({ offset: 0, maxBytes: 100 });
    expect(partOf({ offset: -10 }, file({}))).toEqual({ offset: 90, maxBytes: 10 });
    expect(partOf({ offset: 200, length: 5 }, file({}))).toEqual({ offset: 200, maxBytes: 0 });
    expect(partOf({ offset: 0 }, file({ size: 0 }))).toEqual({ offset: 0, maxBytes: undefined });
    expect(partOf({ offset: 3 }, null)).toEqual({ offset: 3, maxBytes: undefined });
    expect(() => partOf({ offset: 0 }, file({ kind: 'folder' }))).toThrow(AppError);
  });
});

test('tags are compared as RFC 9110 says', () => {
  expect(namesTag('"a", "b"', '"b"', 'strong')).toBe(true);
  expect(namesTag('W/"b"', '"b"', 'strong')).toBe(false);
  expect(namesTag('W/"b"', '"b"', 'weak')).toBe(true);
  expect(namesTag('*', null, 'strong')).toBe(true);
  expect(namesTag('"b"', null, 'weak')).toBe(false);
  expect(namesTag(undefined, '"b"', 'weak')).toBe(false);
});

test('an upload expects a version, nothing, or whatever is there', () => {
  expect(expectedVersion(undefined, undefined)).toBeUndefined();
  expect(expectedVersion(undefined, '*')).toBe('');
  expect(expectedVersion('"1-2-3"', undefined)).toBe('1-2-3');
  expect(() => expectedVersion('"a", "b"', undefined)).toThrow(AppError);
  expect(() => expectedVersion(undefined, '"a"')).toThrow(AppError);
});
