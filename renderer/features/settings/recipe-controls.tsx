import { TagsInput } from '@mantine/core';
import { useStore } from '../../store.ts';
import { SourceList } from '../sources/source-list.tsx';
import { saveSettings } from './save-settings.ts';
import { type ControlProps, labelOf } from './setting-row.tsx';

export function RecipeFolders(row: ControlProps) {
  const folders = useStore((state) => state.settings.recipeFolders);
  return (
    <TagsInput
      {...labelOf(row)}
      className="grow"
      placeholder={folders.length === 0 ? '/home/you/recipes' : 'Add a folder'}
      maxTags={20}
      value={folders}
      onChange={(recipeFolders) => saveSettings({ recipeFolders })}
      splitChars={['\n']}
      clearable={false}
    />
  );
}

export const Repositories = () => <SourceList />;
