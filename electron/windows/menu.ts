import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { EventPayload } from '../shared/contract/index.ts';

export type MenuCommand = EventPayload<'menu.command'>['command'];

type MakeItem = (label: string, command: MenuCommand, accelerator?: string) => MenuItemConstructorOptions;

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** The native menu. Its keys are those of the page (renderer/keys.ts); the page takes them first where it has focus. */
/** `quit`: asked for by the user, so that it may be questioned. */
export function createMenu(run: (command: MenuCommand) => void, quit: () => void): Menu {
  const isMac = process.platform === 'darwin';
  const item: MakeItem = (label, command, accelerator) => ({
    label,
    accelerator,
    click: () => run(command),
  });
  const quitItem: MenuItemConstructorOptions = {
    label: isMac ? 'Quit Tunel' : 'Quit',
    accelerator: 'CmdOrCtrl+Q',
    click: quit,
  };
  const settings = item('Settings', 'settings', 'CmdOrCtrl+,');
  const about = item('About Tunel', 'about');
  const appMenu: MenuItemConstructorOptions = {
    label: 'Tunel',
    submenu: [
      about,
      separator,
      settings,
      separator,
      ...roles('services', 'hide', 'hideOthers', 'unhide'),
      separator,
      quitItem,
    ],
  };
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [appMenu] : []),
    {
      label: '&File',
      submenu: [
        item('Launch app', 'launch', 'CmdOrCtrl+N'),
        item('Close view', 'close-view', 'CmdOrCtrl+W'),
        item('Stop app', 'stop', 'CmdOrCtrl+Shift+X'),
        ...(isMac ? [] : [separator, settings, separator, quitItem]),
      ],
    },
    editMenu(item),
    viewMenu(item),
    { label: '&Window', submenu: roles('minimize', ...(isMac ? (['zoom', 'front'] as const) : [])) },
    { label: '&Help', submenu: [item('Keys and help', 'help', 'F1'), ...(isMac ? [] : [about])] },
  ];
  return Menu.buildFromTemplate(template);
}

function editMenu(item: MakeItem): MenuItemConstructorOptions {
  return {
    label: '&Edit',
    submenu: [
      ...roles('undo', 'redo'),
      separator,
      ...roles('cut', 'copy', 'paste', 'pasteAndMatchStyle', 'selectAll'),
      separator,
      item('Find', 'find', 'CmdOrCtrl+F'),
    ],
  };
}

function viewMenu(item: MakeItem): MenuItemConstructorOptions {
  return {
    label: '&View',
    submenu: [
      item('Reload view', 'reload-view', 'CmdOrCtrl+R'),
      separator,
      item('Zoom in', 'zoom-in', 'CmdOrCtrl+Plus'),
      item('Zoom out', 'zoom-out', 'CmdOrCtrl+-'),
      item('Actual size', 'zoom-reset', 'CmdOrCtrl+0'),
      separator,
      ...roles('togglefullscreen'),
      ...(app.isPackaged ? [] : roles('toggleDevTools')),
    ],
  };
}

function roles(...names: NonNullable<MenuItemConstructorOptions['role']>[]): MenuItemConstructorOptions[] {
  return names.map((role) => ({ role }));
}
