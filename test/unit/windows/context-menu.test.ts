import { describe, expect, it } from 'vitest';
import { contextEntries } from '../../../electron/windows/context-menu-policy.ts';

const flags = {
  canUndo: false,
  canRedo: false,
  canCut: true,
  canCopy: true,
  canPaste: true,
  canDelete: true,
  canSelectAll: true,
  canEditRichly: false,
};
const nothing = { isEditable: false, selectionText: '', linkURL: '', mediaType: 'none' as const, editFlags: flags };
const names = (...asked: Parameters<typeof contextEntries>) =>
  contextEntries(...asked).map((entry) =>
    entry.kind === 'separator' ? '-' : entry.kind === 'role' ? entry.role : entry.command,
  );
const page = { canGoBack: true, canGoForward: false };

describe('the context menu', () => {
  it('edits in a field, and says what cannot be done now', () => {
    const editable = { ...nothing, isEditable: true };
    expect(names(editable, null)).toEqual(['undo', 'redo', '-', 'cut', 'copy', 'paste', 'selectAll']);
    expect(contextEntries(editable, null)[0]).toMatchObject({ role: 'undo', isEnabled: false });
  });
  it('copies what is selected', () => {
    expect(names({ ...nothing, selectionText: 'epoch 4' }, null)).toEqual(['copy']);
  });
  it('has nothing on a page of ours where nothing is selected', () => {
    expect(names(nothing, null)).toEqual([]);
  });
  it('goes through the page of an app, after links and pictures', () => {
    expect(names(nothing, page)).toEqual(['back', 'forward', 'reload']);
    expect(contextEntries(nothing, page)[1]).toMatchObject({ command: 'forward', isEnabled: false });
    const picture = { ...nothing, linkURL: 'https://a.apps.internal/x', mediaType: 'image' as const };
    expect(names(picture, page)).toEqual(['copy-link', 'copy-image', '-', 'back', 'forward', 'reload']);
  });
});
