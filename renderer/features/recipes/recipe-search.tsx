import { Select, TextInput } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconSearch } from '@tabler/icons-react';
import { launcherLabel } from '../../../electron/shared/launcher-features.ts';
import { stroke } from '../../components/icons.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { useStore } from '../../store.ts';
import type { RecipeFilter } from './filter-recipes.ts';

/** The page's search, and the choice of a cluster or launcher that must be able to run what is shown. */
export function RecipeSearch(props: { filter: RecipeFilter; onFilter: (filter: RecipeFilter) => void }) {
  const { filter, onFilter } = props;
  const list = useStore((state) => state.recipes.list);
  const clusters = useStore((state) => state.clusters);
  const launchers = [...new Set(list.flatMap((recipe) => recipe.launchers))];
  return (
    <>
      <TextInput
        data-search
        w={264}
        aria-label="Search recipes"
        placeholder="Search recipes"
        aria-keyshortcuts="/"
        leftSection={<IconSearch size={16} stroke={stroke} aria-hidden />}
        rightSection={filter.text === '' ? <Kbd keys="/" /> : undefined}
        value={filter.text}
        onChange={(event) => onFilter({ ...filter, text: event.currentTarget.value })}
        onKeyDown={(event) => event.key === 'Escape' && onFilter({ ...filter, text: '' })}
      />
      <Select
        w={190}
        aria-label="Works on"
        leftSection={<IconAdjustmentsHorizontal size={16} stroke={stroke} aria-hidden />}
        value={filter.worksOn}
        onChange={(value) => onFilter({ ...filter, worksOn: value ?? '' })}
        data={[
          { value: '', label: 'All clusters' },
          {
            group: 'Clusters',
            items: clusters.map(({ cluster }) => ({
              value: `cluster:${cluster.id}`,
              label: `Works on ${cluster.name}`,
            })),
          },
          {
            group: 'Launchers',
            items: launchers.map((name) => ({ value: name, label: `Launcher: ${launcherLabel(name)}` })),
          },
        ]}
      />
    </>
  );
}
