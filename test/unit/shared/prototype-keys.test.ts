import { expect, it } from 'vitest';
import { readHtmlForms } from '../../../electron/core/html-form.ts';
import { readPendingReason } from '../../../electron/core/launchers/slurm/reasons.ts';
import { fileFor } from '../../../electron/security/app-files-policy.ts';
import { ownValue } from '../../../electron/shared/own-value.ts';

const keys = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];

it.each(keys)('%s is a key like any other', (key) => {
  expect(ownValue({ a: 1 }, key)).toBeUndefined();
  expect(ownValue(JSON.parse(`{"${key}":1}`), key)).toBe(1);
  // A reason of a scheduler, a tag of a page, a file of ours.
  expect(readPendingReason('PENDING', `(${key})`)).toEqual({ reason: '', nativeReason: key });
  expect(readHtmlForms(`<${key}><input name="a" value="b"></${key}>`).fields).toMatchObject([
    { name: 'a', value: 'b' },
  ]);
  expect(fileFor(`app://tunel/${key}`, '/root')).toBeNull();
});
