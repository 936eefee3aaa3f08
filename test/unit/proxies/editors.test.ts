import { expect, test } from 'vitest';
import { editorUrl } from '../../../electron/shared/editors.ts';

test('an editor gets the host and the folder, with what an address cannot hold encoded', () => {
  expect(editorUrl('vscode', 'tunel-hpc', '/home/ada/a b#1')).toBe(
    'vscode://vscode-remote/ssh-remote+tunel-hpc/home/ada/a%20b%231',
  );
});
