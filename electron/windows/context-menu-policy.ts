import type { ContextMenuParams, MenuItemConstructorOptions } from 'electron';

type Params = Pick<ContextMenuParams, 'isEditable' | 'selectionText' | 'linkURL' | 'mediaType' | 'editFlags'>;

/** What a page of an app can do besides; null: a page of ours, which has its own menus for what it shows. */
interface PageCommands {
  canGoBack: boolean;
  canGoForward: boolean;
}

export type ContextEntry =
  | { kind: 'role'; role: NonNullable<MenuItemConstructorOptions['role']>; isEnabled: boolean }
  | { kind: 'command'; command: 'back' | 'forward' | 'reload' | 'copy-link' | 'copy-image'; isEnabled: boolean }
  | { kind: 'separator' };

const separator: ContextEntry = { kind: 'separator' };

/** The entries of a page's context menu, most used first; empty: there is nothing to do. */
export function contextEntries(params: Params, page: PageCommands | null): ContextEntry[] {
  const groups = [editing(params), linkEntries(params), page ? navigation(page) : []].filter((list) => list.length > 0);
  return groups.flatMap((list, index) => (index === 0 ? list : [separator, ...list]));
}

function editing({ isEditable, selectionText, editFlags }: Params): ContextEntry[] {
  const role = (name: Extract<ContextEntry, { kind: 'role' }>['role'], isEnabled: boolean): ContextEntry => ({
    kind: 'role',
    role: name,
    isEnabled,
  });
  if (!isEditable) return selectionText.trim() === '' ? [] : [role('copy', editFlags.canCopy)];
  return [
    role('undo', editFlags.canUndo),
    role('redo', editFlags.canRedo),
    separator,
    role('cut', editFlags.canCut),
    role('copy', editFlags.canCopy),
    role('paste', editFlags.canPaste),
    role('selectAll', editFlags.canSelectAll),
  ];
}

function linkEntries({ linkURL, mediaType }: Params): ContextEntry[] {
  const entries: ContextEntry[] = [];
  if (linkURL !== '') entries.push({ kind: 'command', command: 'copy-link', isEnabled: true });
  if (mediaType === 'image') entries.push({ kind: 'command', command: 'copy-image', isEnabled: true });
  return entries;
}

function navigation({ canGoBack, canGoForward }: PageCommands): ContextEntry[] {
  return [
    { kind: 'command', command: 'back', isEnabled: canGoBack },
    { kind: 'command', command: 'forward', isEnabled: canGoForward },
    { kind: 'command', command: 'reload', isEnabled: true },
  ];
}
