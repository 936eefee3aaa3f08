import { describe, expect, test } from 'vitest';
import { chooseStart, describeCandidates, isInDoubt } from '../../../cli/folder-start-policy.ts';
import type { FolderStart, Inspection, Recognition } from '../../../electron/shared/folders.ts';

const start = (line: string, change: Partial<Recognition> = {}): Recognition => ({
  kind: 'streamlit',
  line,
  environment: { kind: 'none', files: [] },
  listen: 'socket',
  confidence: 'guess',
  why: [`${line} imports Streamlit`],
  ...change,
});
const seen = (recognition: Recognition, ...candidates: Recognition[]): Inspection => ({
  source: { kind: 'folder', path: '/x' },
  title: 'x',
  recognition,
  candidates,
  files: 1,
  bytes: 1,
  left: [],
  leftMore: 0,
});
const saved: FolderStart = { kind: 'flask', line: 'mine', listen: 'port', environment: { kind: 'none', files: [] } };

describe('how a folder starts', () => {
  const two = seen(start('a.py'), start('b.py', { kind: 'other', listen: 'port' }));
  test('is asked for where it is a guess among several, and nothing was said or saved', () => {
    expect(isInDoubt(two, {}, undefined)).toBe(true);
    expect(isInDoubt(two, { start: 'x' }, undefined)).toBe(false);
    expect(isInDoubt(two, { candidate: 2 }, undefined)).toBe(false);
    expect(isInDoubt(two, {}, saved)).toBe(false);
    expect(isInDoubt(seen(start('a.py')), {}, undefined)).toBe(false);
    expect(isInDoubt(seen(start('a.py', { confidence: 'sure' }), start('b.py')), {}, undefined)).toBe(false);
  });

  test('is what was chosen, and every number is listed', () => {
    expect(chooseStart(two, { candidate: 2 }, saved)).toMatchObject({ line: 'b.py', kind: 'other', listen: 'port' });
    expect(() => chooseStart(two, { candidate: 3 }, undefined)).toThrow(/no candidate 3/);
    expect(describeCandidates(two).map((line) => line.split('\n')[0])).toEqual(['1  a.py', '2  b.py']);
  });

  test('is remembered: the saved start stays until another is said, with what the files ask for now', () => {
    const changed = seen(start('a.py', { environment: { kind: 'venv', files: ['requirements.txt'] } }));
    expect(chooseStart(changed, {}, saved)).toEqual({
      ...saved,
      environment: { kind: 'venv', files: ['requirements.txt'] },
    });
    expect(chooseStart(changed, { start: 'other', listen: 'socket' }, saved)).toMatchObject({
      line: 'other',
      listen: 'socket',
    });
  });

  test('keeps the prefix of Rescale, and says why there is none', () => {
    expect(chooseStart(seen(start('a.py', { rescale: true })), {}, undefined).rescale).toBe(true);
    const recipe = seen(start('', { kind: 'other', why: ['This is a recipe. Add the folder that holds it.'] }));
    expect(() => chooseStart(recipe, {}, undefined)).toThrow(/This is a recipe/);
  });
});
