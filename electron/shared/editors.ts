import { z } from 'zod';

/** Editors that open a folder of an SSH host by an address of their own. */
export const editorSchema = z.enum(['vscode', 'cursor', 'positron']);
export type Editor = z.infer<typeof editorSchema>;

export const editorTitles: Readonly<Record<Editor, string>> = {
  vscode: 'VS Code',
  cursor: 'Cursor',
  positron: 'Positron',
};

/** Opens a folder of a host of ~/.ssh/config in an editor. */
export function editorUrl(editor: Editor, host: string, folder: string): string {
  const path = folder.split('/').map(encodeURIComponent).join('/');
  return `${editor}://vscode-remote/ssh-remote+${encodeURIComponent(host)}${path}`;
}
