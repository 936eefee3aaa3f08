import { expect, it } from 'vitest';
import { type Dropped, judgeDrop } from '../../../renderer/features/folders/drop-policy.ts';
import { lastLogLine } from '../../../renderer/features/view/view-policy.ts';

const file = (name: string, over: Partial<Dropped> = {}): Dropped => ({
  name,
  isDirectory: false,
  path: `/home/ada/${name}`,
  ...over,
});

it.each<[Dropped[], object]>([
  [[file('app', { isDirectory: true })], { kind: 'folder', path: '/home/ada/app' }],
  [[file('app.ZIP')], { kind: 'zip', path: '/home/ada/app.ZIP' }],
  [[file('app.py')], { kind: 'refused', reason: 'app.py is neither a folder nor a zip.' }],
  [[file('a', { isDirectory: true }), file('b')], { kind: 'refused', reason: 'Drop one folder or one zip at a time.' }],
  [[file('mail.zip', { path: '' })], { kind: 'refused', reason: 'mail.zip is not a file of this computer.' }],
  [[], { kind: 'refused', reason: 'Nothing was dropped.' }],
])('a drop of %j is %j', (dropped, verdict) => expect(judgeDrop(dropped)).toEqual(verdict));

it('finds the last line of a log that says something', () => {
  expect(lastLogLine('one\ntwo  \n\n')).toBe('two');
  expect(lastLogLine('')).toBe('');
});
