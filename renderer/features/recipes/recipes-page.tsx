import { Button, SegmentedControl, Select, TextInput } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconFolderCode, IconRefresh, IconSearch, IconStar } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { launcherLabel } from '../../../electron/shared/launcher-features.ts';
import { actions, attempt } from '../../actions.ts';
import { Count } from '../../components/count.tsx';
import empty from '../../components/empty.module.css';
import { IconButton } from '../../components/icon-button.tsx';
import { stroke } from '../../components/icons.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { PageBody, PageHead } from '../../components/page.tsx';
import section from '../../components/section-heading.module.css';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { categories, filterRecipes } from './filter-recipes.ts';
import { RecipeCard } from './recipe-card.tsx';
import { RecipeProblems } from './recipe-problems.tsx';
import css from './recipes-page.module.css';

export function RecipesPage() {
  const list = useStore((state) => state.recipes.list);
  const clusters = useStore((state) => state.clusters);
  const favourites = useStore((state) => state.settings.favourites);
  const [text, setText] = useState('');
  const [category, setCategory] = useState('');
  const [worksOn, setWorksOn] = useState('');
  const kinds = useMemo(() => categories(list), [list]);
  const shown = filterRecipes(list, { text, category, worksOn }, clusters);
  const starred = shown.filter((recipe) => favourites.includes(recipe.name));
  const rest = shown.filter((recipe) => !favourites.includes(recipe.name));
  const launchers = [...new Set(list.flatMap((recipe) => recipe.launchers))];
  const clear = () => {
    setText('');
    setCategory('');
    setWorksOn('');
  };
  return (
    <>
      <PageHead title="Recipes" count={list.length}>
        <span className="push-end" />
        <TextInput
          data-search
          w={264}
          aria-label="Search recipes"
          placeholder="Search recipes"
          aria-keyshortcuts="/"
          leftSection={<IconSearch size={16} stroke={stroke} aria-hidden />}
          rightSection={text === '' ? <Kbd keys="/" /> : undefined}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && setText('')}
        />
        <Select
          w={190}
          aria-label="Works on"
          leftSection={<IconAdjustmentsHorizontal size={16} stroke={stroke} aria-hidden />}
          value={worksOn}
          onChange={(value) => setWorksOn(value ?? '')}
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
        <Button
          leftSection={<IconFolderCode size={16} stroke={stroke} aria-hidden />}
          onClick={() => ui.open({ kind: 'folder' })}
        >
          Your own folder
        </Button>
        <IconButton
          icon={IconRefresh}
          label="Reload recipes"
          onClick={() => attempt('The recipes were not read', actions.reloadRecipes())}
        />
      </PageHead>
      <PageBody>
        <RecipeProblems />
        {kinds.length > 1 && (
          <SegmentedControl
            aria-label="Category"
            value={category}
            onChange={setCategory}
            style={{ marginBlockEnd: 12 }}
            data={[{ name: '', count: list.length }, ...kinds].map((kind) => ({
              value: kind.name,
              label: (
                <>
                  {kind.name || 'All'}
                  <Count value={kind.count} />
                </>
              ),
            }))}
          />
        )}
        {starred.length > 0 && (
          <>
            <h2 className={section.heading}>
              <IconStar size={14} stroke={stroke} aria-hidden /> Favourites{' '}
              <span className={section.count}>{starred.length}</span>
            </h2>
            <div className={css.grid}>
              {starred.map((recipe) => (
                <RecipeCard key={recipe.name} recipe={recipe} star />
              ))}
            </div>
          </>
        )}
        {starred.length > 0 && rest.length > 0 && (
          <h2 className={section.heading}>
            All recipes <span className={section.count}>{rest.length} more</span>
          </h2>
        )}
        <div className={css.grid}>
          {rest.map((recipe) => (
            <RecipeCard key={recipe.name} recipe={recipe} star={false} />
          ))}
        </div>
        {shown.length === 0 && (
          <div className={empty.empty}>
            {list.length === 0 ? (
              <>
                <p>No recipe was found. Add a folder with recipes in the settings.</p>
                <Button onClick={() => ui.go('settings')}>Open settings</Button>
              </>
            ) : (
              <>
                <p>No recipe matches all of this.</p>
                <Button onClick={clear}>Show all recipes</Button>
              </>
            )}
          </div>
        )}
      </PageBody>
    </>
  );
}
