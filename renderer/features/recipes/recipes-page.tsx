import { ActionIcon, Button, SegmentedControl, Select, TextInput } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconFolderCode,
  IconGitBranch,
  IconPackage,
  IconRefresh,
  IconSearch,
  IconStar,
  IconStarFilled,
} from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';
import { actions, attempt } from '../../actions.ts';
import { RecipeIcon } from '../../components/icons.tsx';
import { IconButton, Kbd, Note, PageHead, stroke } from '../../components/parts.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { launcherWord } from '../../words/launcher.ts';
import { count } from '../../words/size.ts';
import { categories, filterRecipes, originOf } from './filter-recipes.ts';

function RecipeCard({ recipe, star }: { recipe: RecipeSummary; star: boolean }) {
  const origin = originOf(recipe);
  const toggle = () => {
    const { favourites } = useStore.getState().settings;
    const next = star ? favourites.filter((name) => name !== recipe.name) : [...favourites, recipe.name];
    void attempt('The favourite was not saved', actions.saveSettings({ favourites: next }));
  };
  return (
    <article className="card recipe" aria-label={recipe.title}>
      <div className="row g3">
        <span className="tile">
          <RecipeIcon name={recipe.icon} />
        </span>
        <div className="grow">
          <h2 className="cut" title={recipe.title}>
            {recipe.title}
          </h2>
          <div className="s dimmer cut" title={recipe.name}>
            {[recipe.category, recipe.name].filter(Boolean).join(' · ')}
          </div>
        </div>
        <ActionIcon
          className="star"
          size={28}
          aria-pressed={star}
          aria-label={`Favourite ${recipe.title}`}
          onClick={toggle}
        >
          {star ? <IconStarFilled size={18} aria-hidden /> : <IconStar size={18} stroke={stroke} aria-hidden />}
        </ActionIcon>
      </div>
      {origin && (
        <div className="s dimmer row g1 origin">
          <IconGitBranch size={14} stroke={stroke} aria-hidden className="fixed" />
          <span className="cut" title={recipe.source}>
            From {origin}
          </span>
        </div>
      )}
      <p title={recipe.description}>{recipe.description}</p>
      <div className="needs">
        {recipe.requires && (
          <>
            <IconPackage size={14} stroke={stroke} aria-hidden />
            <span className="cut" title={recipe.requires}>
              {recipe.requires}
            </span>
          </>
        )}
      </div>
      <div className="tags">
        {recipe.launchers.slice(0, 3).map((launcher) => (
          <span className="tag" key={launcher}>
            {launcherWord(launcher)}
          </span>
        ))}
        {recipe.launchers.length > 3 && (
          <span className="tag" title={recipe.launchers.map(launcherWord).join(', ')}>
            +{recipe.launchers.length - 3}
          </span>
        )}
        <span className="end" />
        <Button size="xs" aria-label={`Launch ${recipe.title}`} onClick={() => ui.launch(recipe.name)}>
          Launch
        </Button>
      </div>
    </article>
  );
}

function Problems() {
  const problems = useStore((state) => state.recipes.problems);
  const [open, setOpen] = useState(false);
  if (problems.length === 0) return null;
  return (
    <div style={{ marginBlockEnd: 12 }}>
      <Note
        tone="wait"
        action={
          <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide' : 'Show'}
          </button>
        }
      >
        <strong className="b">{count(problems.length, 'mistake')} in recipes.</strong> What cannot be read is left out
        of the list.
      </Note>
      {open && (
        <ul className="well" style={{ marginBlockStart: 8 }}>
          {problems.map((problem) => (
            <li
              key={`${problem.file}:${problem.line}:${problem.field}:${problem.message}`}
              style={{ padding: '4px 0' }}
            >
              <span className="mono">
                {problem.file}
                {problem.line === null ? '' : `:${problem.line}`}
              </span>
              {problem.field && (
                <>
                  {' '}
                  <span className="tag">{problem.field}</span>
                </>
              )}
              <div className="dim">{problem.message}</div>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

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
        <span className="end" />
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
            { value: '', label: 'Works anywhere' },
            {
              group: 'Clusters',
              items: clusters.map(({ cluster }) => ({
                value: `cluster:${cluster.id}`,
                label: `Works on ${cluster.name}`,
              })),
            },
            {
              group: 'Launchers',
              items: launchers.map((name) => ({ value: name, label: `Launcher: ${launcherWord(name)}` })),
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
          label="Read the recipe folders again"
          onClick={() => attempt('The recipes were not read', actions.reloadRecipes())}
        />
      </PageHead>
      <div className="body">
        <Problems />
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
                  <span className="c">{kind.count}</span>
                </>
              ),
            }))}
          />
        )}
        {starred.length > 0 && (
          <>
            <h2 className="sect">
              <IconStar size={14} stroke={stroke} aria-hidden /> Favourites <span className="c">{starred.length}</span>
            </h2>
            <div className="grid g-3">
              {starred.map((recipe) => (
                <RecipeCard key={recipe.name} recipe={recipe} star />
              ))}
            </div>
          </>
        )}
        {starred.length > 0 && rest.length > 0 && (
          <h2 className="sect">
            All recipes <span className="c">{rest.length} more</span>
          </h2>
        )}
        <div className="grid g-3">
          {rest.map((recipe) => (
            <RecipeCard key={recipe.name} recipe={recipe} star={false} />
          ))}
        </div>
        {shown.length === 0 && (
          <div className="empty">
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
      </div>
    </>
  );
}
