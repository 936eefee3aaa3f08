import type { ReactNode } from 'react';
import type { Settings } from '../../../electron/shared/state.ts';
import { DataFolder, KeyList, LogLines, QuitQuestion, SingleKeys, Theme } from './basic-controls.tsx';
import { RecipeFolders, Repositories } from './recipe-controls.tsx';
import type { SettingText } from './search-settings.ts';
import type { ControlProps } from './setting-row.tsx';

export interface SettingEntry extends SettingText {
  /** The heading above it on its page. */
  group?: string;
  setting?: keyof Settings;
  isWide?: boolean;
  /** Left out: the search leads to its page instead. */
  Control?: (props: ControlProps) => ReactNode;
}

/** Every setting in the order of its page, for the pages and the search. */
export const settingList: readonly SettingEntry[] = [
  {
    id: 'theme',
    section: 'general',
    group: 'Appearance',
    title: 'Theme',
    description: 'Light or dark; apps in views keep their own',
    keywords: 'colour color appearance look night',
    setting: 'theme',
    Control: Theme,
  },
  {
    id: 'quit',
    section: 'general',
    group: 'Quitting',
    title: 'Say which apps keep running',
    description: 'Asks once more when you quit while apps run on a cluster',
    keywords: 'quit close exit question',
    setting: 'askOnQuit',
    Control: QuitQuestion,
  },
  {
    id: 'single-keys',
    section: 'keyboard',
    title: 'Single-key shortcuts on a card',
    description: 'L opens the log, E edits and relaunches; other keys work either way',
    keywords: 'keyboard letters',
    setting: 'singleKeys',
    Control: SingleKeys,
  },
  {
    id: 'all-keys',
    section: 'keyboard',
    title: 'All keys',
    description: 'Every key combination, by where it works',
    keywords: 'help shortcuts',
    Control: KeyList,
  },
  {
    id: 'recipe-folders',
    section: 'recipes',
    title: 'Folders with your own recipes',
    description:
      'The first folder that has a recipe wins over the later ones and over the shipped recipes. Enter adds a folder.',
    keywords: 'directory path',
    setting: 'recipeFolders',
    isWide: true,
    Control: RecipeFolders,
  },
  {
    id: 'repositories',
    section: 'recipes',
    title: 'From git repositories',
    description: 'Recipes at a commit that you looked at',
    keywords: 'source update',
    isWide: true,
    Control: Repositories,
  },
  {
    id: 'passwords',
    section: 'passwords',
    title: 'Remembered passwords',
    description: 'Where they are kept, and for which clusters',
    keywords: 'keychain keyring secret passphrase forget',
  },
  {
    id: 'data',
    section: 'storage',
    title: 'Data directory',
    description: 'Settings, clusters, presets and the history',
    keywords: 'folder files',
    isWide: true,
    Control: DataFolder,
  },
  {
    id: 'log-lines',
    section: 'storage',
    title: 'Lines of a log in the window',
    description: 'The file on the cluster keeps all of them',
    keywords: 'length output',
    setting: 'logLines',
    Control: LogLines,
  },
  {
    id: 'tokens',
    section: 'api',
    title: 'Tokens',
    description: 'Let scripts, notebooks and agents use your signed-in connections',
    keywords: 'create revoke scope expire limit program rest sdk mcp access key',
  },
  {
    id: 'api-clusters',
    section: 'api',
    title: 'Enabled for',
    description: 'The clusters that programs with a token may use',
    keywords: 'allow switch on off forbid site',
  },
  {
    id: 'loopback',
    section: 'api',
    title: 'Listen on 127.0.0.1 too',
    description: 'For tools that cannot use the socket; always needs a token',
    keywords: 'port tcp http localhost rest curl',
    setting: 'apiPort',
  },
  {
    id: 'audit',
    section: 'audit',
    title: 'Audit log',
    description: 'Every call by a token, and what you changed',
    keywords: 'journal export csv json calls history',
  },
  {
    id: 'about',
    section: 'about',
    title: 'About Tunel',
    description: 'Versions and licence',
    keywords: 'electron chromium node',
  },
];
