import { Button } from '@mantine/core';
import { IconAlertTriangle, IconFolderCode, IconRefresh, IconStar } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import empty from '../../components/empty.module.css';
import { IconButton } from '../../components/icon-button.tsx';
import { stroke } from '../../components/icons.tsx';
import { PageBody, PageHead } from '../../components/page.tsx';
import section from '../../components/section-heading.module.css';
import { usePreferredCluster } from '../../preferred-cluster.ts';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { CategoryControl } from './category-control.tsx';
import { categories, filterRecipes } from './filter-recipes.ts';
import { groupRecipes } from './group-recipes.ts';
import { RecipeCard } from './recipe-card.tsx';
import { RecipeProblems } from './recipe-problems.tsx';
import { RecipeSearch } from './recipe-search.tsx';
import css from './recipes-page.module.css';
import { useRecipeUse } from './use-recipe-use.ts';
import { type WorksOn, WorksOnSelect } from './works-on-select.tsx';

function Group({ heading, children }: { heading: ReactNode; children: ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    <>
      {heading && <h2 className={section.heading}>{heading}</h2>}
      <div className={css.grid}>{children}</div>
    </>
  );
}

/** Favourites first, then the others, then those that the cluster cannot run; each group with the most used first. */
function RecipeList({ groups, use, cluster }: Pick<ReturnType<typeof useRecipeList>, 'groups' | 'use' | 'cluster'>) {
  const { favourites, others, misfits } = groups;
  const starred = useStore((state) => state.settings.favourites);
  const count = (value: number) => <span className={section.count}>{value}</span>;
  return (
    <>
      <Group
        heading={
          <>
            <IconStar size={14} stroke={stroke} aria-hidden /> Favourites {count(favourites.length)}
          </>
        }
      >
        {favourites.map((recipe) => (
          <RecipeCard key={recipe.name} recipe={recipe} use={use.get(recipe.name)} star />
        ))}
      </Group>
      <Group heading={favourites.length + misfits.length > 0 && <>All {count(others.length)}</>}>
        {others.map((recipe) => (
          <RecipeCard key={recipe.name} recipe={recipe} use={use.get(recipe.name)} star={false} />
        ))}
      </Group>
      <Group
        heading={
          <>
            <IconAlertTriangle size={14} stroke={stroke} aria-hidden />{' '}
            <span className="truncate">Not on {cluster?.cluster.name}</span>
            {count(misfits.length)}
          </>
        }
      >
        {misfits.map(({ recipe, reason }) => (
          <RecipeCard
            key={recipe.name}
            recipe={recipe}
            use={use.get(recipe.name)}
            star={starred.includes(recipe.name)}
            misfit={cluster && { reason, cluster }}
          />
        ))}
      </Group>
    </>
  );
}

function NoRecipe({ isLibraryEmpty, onShowAll }: { isLibraryEmpty: boolean; onShowAll: () => void }) {
  return (
    <div className={empty.empty}>
      {isLibraryEmpty ? (
        <>
          <p>No recipe was found. Add a folder with recipes in the settings.</p>
          <Button onClick={() => ui.showSettings('recipes')}>Open settings</Button>
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

/** What the page shows, and what of it the user chose. */
function useRecipeList() {
  const list = useStore((state) => state.recipes.list);
  const clusters = useStore((state) => state.clusters);
  const favourites = useStore((state) => state.settings.favourites);
  const preferred = usePreferredCluster();
  const use = useRecipeUse();
  const [text, setText] = useState('');
  const [category, setCategory] = useState('');
  const [chosen, setChosen] = useState<WorksOn | null>(null);
  const worksOn = chosen ?? { clusterId: preferred, launcher: '' };
  const found = useMemo(
    () => filterRecipes(list, { text, category: '', launcher: worksOn.launcher }),
    [list, text, worksOn.launcher],
  );
  const kinds = useMemo(() => categories(found), [found]);
  const cluster = clusters.find((entry) => entry.cluster.id === worksOn.clusterId);
  const shown = category === '' ? found : found.filter((recipe) => recipe.category === category);
  return {
    list,
    found,
    kinds,
    text,
    setText,
    category,
    setCategory,
    worksOn,
    cluster,
    use,
    groups: groupRecipes(shown, { favourites, use, cluster }),
    isEmpty: shown.length === 0,
    setWorksOn(next: WorksOn) {
      if (next.clusterId !== '') ui.chooseCluster(next.clusterId);
      setChosen(next);
    },
    showAll() {
      setText('');
      setCategory('');
      setChosen({ clusterId: '', launcher: '' });
    },
  };
}

export function RecipesPage() {
  const page = useRecipeList();
  const { favourites, others, misfits } = page.groups;
  const first = favourites[0] ?? others[0] ?? misfits[0]?.recipe;
  return (
    <>
      <PageHead title="Recipes" count={page.list.length}>
        <span className="push-end" />
        <RecipeSearch text={page.text} onText={page.setText} onEnter={() => first && ui.launch(first.name)} />
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
        <div className={css.filters}>
          <WorksOnSelect value={page.worksOn} onChange={page.setWorksOn} />
          {(page.kinds.length > 1 || page.category !== '') && (
            <CategoryControl
              value={page.category}
              kinds={page.kinds}
              total={page.found.length}
              onChange={page.setCategory}
            />
          )}
        </div>
        <RecipeList groups={page.groups} use={page.use} cluster={page.cluster} />
        {page.isEmpty && <NoRecipe isLibraryEmpty={page.list.length === 0} onShowAll={page.showAll} />}
      </PageBody>
    </>
  );
}
