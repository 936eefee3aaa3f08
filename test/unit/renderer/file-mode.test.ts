import { expect, test } from 'vitest';
import { changeMode, maskOf } from '../../../electron/shared/files.ts';
import { copiedPath } from '../../../renderer/features/files/copied-path.ts';
import {
  bitState,
  commonMode,
  nothingChosen,
  readTypedMode,
  toggleBit,
  writeMode,
} from '../../../renderer/features/files/mode-model.ts';
import { runCommand } from '../../helpers/clusters.ts';

test('a mode without special bits keeps those that are there', () => {
  expect(changeMode(0o2775, { mode: 0o750 })).toBe(0o2750);
  expect(changeMode(0o2775, { mode: 0o1750 })).toBe(0o1750);
  expect(changeMode(0o2775, { mode: 0o750, mask: 0o7777 })).toBe(0o750);
  expect(maskOf({ mode: 0o750, mask: 0 })).toBe(0);
});

test('of several files only what was touched changes', () => {
  const modes = [0o755, 0o644, 0o2750];
  expect(bitState(modes, nothingChosen, 0o400)).toBe('all');
  expect(bitState(modes, nothingChosen, 0o100)).toBe('some');
  expect(bitState(modes, nothingChosen, 0o002)).toBe('none');
  expect(commonMode(modes, nothingChosen)).toBeNull();
  const given = toggleBit(modes, nothingChosen, 0o100);
  expect(modes.map((mode) => changeMode(mode, given))).toEqual([0o755, 0o744, 0o2750]);
  const taken = toggleBit(modes, given, 0o100);
  expect(modes.map((mode) => changeMode(mode, taken))).toEqual([0o655, 0o644, 0o2650]);
});

test('a typed mode of three digits says nothing of the special bits', () => {
  const three = readTypedMode('750');
  const four = readTypedMode('0750');
  expect([three && changeMode(0o2775, three), four && changeMode(0o2775, four)]).toEqual([0o2750, 0o750]);
  expect(['75', '789', '77777', ''].map(readTypedMode)).toEqual([null, null, null, null]);
  expect([writeMode(0o2750), writeMode(0o50), writeMode(null)]).toEqual(['2750', '050', '']);
});

test('a path with bytes that are no text is copied as a shell reads it', async () => {
  expect(copiedPath("/data/it's here")).toBe("/data/it's here");
  const copied = copiedPath("/data/a\udcff\udc0a'\\b");
  expect(copied).toBe("$'/data/a\\xff\\x0a\\'\\\\b'");
  const { stdout } = await runCommand('bash', ['-c', `printf %s ${copied} | od -An -v -tx1`]);
  expect(Buffer.from(stdout.replace(/\s/g, ''), 'hex')).toEqual(
    Buffer.concat([Buffer.from('/data/a'), Buffer.from([0xff, 0x0a]), Buffer.from("'\\b")]),
  );
  expect(copiedPath('/x\udcffab')).toBe("$'/x\\xff'$'ab'");
});
