import { Button, SegmentedControl } from '@mantine/core';
import { IconFolderCode, IconRefresh, IconStar } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { Count } from '../../components/count.tsx';
import empty from '../../components/empty.module.css';
import { IconButton } from '../../components/icon-button.tsx';
import { stroke } from '../../components/icons.tsx';
import { PageBody, PageHead } from '../../components/page.tsx';
import section from '../../components/section-heading.module.css';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { categories, filterRecipes, type RecipeFilter } from './filter-recipes.ts';
import { RecipeCard } from './recipe-card.tsx';
import { RecipeProblems } from './recipe-problems.tsx';
import { RecipeSearch } from './recipe-search.tsx';
import css from './recipes-page.module.css';

/** Favourites first, then the others. */
function RecipeList({ shown }: { shown: RecipeSummary[] }) {
  const favourites = useStore((state) => state.settings.favourites);
  const starred = shown.filter((recipe) => favourites.includes(recipe.name));
  const rest = shown.filter((recipe) => !favourites.includes(recipe.name));
  return (
    <>
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
    </>
  );
}

function CategoryControl(props: {
  value: string;
  kinds: ReturnType<typeof categories>;
  total: number;
  onChange: (category: string) => void;
}) {
  const { value, kinds, total, onChange } = props;
  return (
    <SegmentedControl
      aria-label="Category"
      value={value}
      onChange={onChange}
      style={{ marginBlockEnd: 12 }}
      data={[{ name: '', count: total }, ...kinds].map((kind) => ({
        value: kind.name,
        label: (
          <>
            {kind.name || 'All'}
            <Count value={kind.count} />
          </>
        ),
      }))}
    />
  );
}

function NoRecipe({ isLibraryEmpty, onShowAll }: { isLibraryEmpty: boolean; onShowAll: () => void }) {
  return (
    <div className={empty.empty}>
      {isLibraryEmpty ? (
        <>
          <p>No recipe was found. Add a folder with recipes in the settings.</p>
          <Button onClick={() => ui.go('settings')}>Open settings</Button>
        </>
      ) : (
        <>
          <p>No recipe matches all of this.</p>
          <Button onClick={onShowAll}>Show all recipes</Button>
        </>
      )}
    </div>
  );
}

const noFilter: RecipeFilter = { text: '', category: '', worksOn: '' };

export function RecipesPage() {
  const list = useStore((state) => state.recipes.list);
  const clusters = useStore((state) => state.clusters);
  const [filter, setFilter] = useState(noFilter);
  const kinds = useMemo(() => categories(list), [list]);
  const shown = filterRecipes(list, filter, clusters);
  return (
    <>
      <PageHead title="Recipes" count={list.length}>
        <span className="push-end" />
        <RecipeSearch filter={filter} onFilter={setFilter} />
        <Button
          leftSection={<IconFolderCode size={16} stroke={stroke} aria-hidden />}
          onClick={() => ui.open({ kind: 'folder' })}
        >
          Your own folder
        </Button>
        <IconButton
          icon={IconRefresh}
          label="Reload recipes"
          onClick={() => attempt('The recipes were not read', invoke('recipes.reload', undefined))}
        />
      </PageHead>
      <PageBody>
        <RecipeProblems />
        {kinds.length > 1 && (
          <CategoryControl
            value={filter.category}
            kinds={kinds}
            total={list.length}
            onChange={(category) => setFilter({ ...filter, category })}
          />
        )}
        <RecipeList shown={shown} />
        {shown.length === 0 && <NoRecipe isLibraryEmpty={list.length === 0} onShowAll={() => setFilter(noFilter)} />}
      </PageBody>
    </>
  );
}
