import { ActionIcon, Button } from '@mantine/core';
import { IconGitBranch, IconPackage, IconStar, IconStarFilled } from '@tabler/icons-react';
import { launcherLabel } from '../../../electron/shared/launcher-features.ts';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import iconLine from '../../components/icon-line.module.css';
import { RecipeIcon, stroke } from '../../components/icons.tsx';
import surface from '../../components/surface.module.css';
import { Tag } from '../../components/tag.tsx';
import { Tile } from '../../components/tile.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { originOf } from './filter-recipes.ts';
import css from './recipe-card.module.css';

function toggleFavourite(name: string, isFavourite: boolean): void {
  const { favourites } = useStore.getState().settings;
  const next = isFavourite ? favourites.filter((other) => other !== name) : [...favourites, name];
  void attempt('The favourite was not saved', invoke('settings.save', { favourites: next }));
}

function CardHead({ recipe, star }: { recipe: RecipeSummary; star: boolean }) {
  return (
    <div className="row gap-12">
      <Tile>
        <RecipeIcon name={recipe.icon} />
      </Tile>
      <div className="grow">
        <h2 className="truncate" title={recipe.title}>
          {recipe.title}
        </h2>
        <div className="text-sm text-tertiary truncate" title={recipe.name}>
          {[recipe.category, recipe.name].filter(Boolean).join(' · ')}
        </div>
      </div>
      <ActionIcon
        className={css.star}
        data-star
        size={28}
        aria-pressed={star}
        aria-label={`Favourite ${recipe.title}`}
        onClick={() => toggleFavourite(recipe.name, star)}
      >
        {star ? <IconStarFilled size={18} aria-hidden /> : <IconStar size={18} stroke={stroke} aria-hidden />}
      </ActionIcon>
    </div>
  );
}

/** Some of the launchers it works with, and the button that opens its form. */
function CardFoot({ recipe }: { recipe: RecipeSummary }) {
  return (
    <div className={css.tags}>
      {recipe.launchers.slice(0, 3).map((launcher) => (
        <Tag key={launcher}>{launcherLabel(launcher)}</Tag>
      ))}
      {recipe.launchers.length > 3 && (
        <Tag title={recipe.launchers.map(launcherLabel).join(', ')}>+{recipe.launchers.length - 3}</Tag>
      )}
      <span className="push-end" />
      <Button size="xs" aria-label={`Launch ${recipe.title}`} onClick={() => ui.launch(recipe.name)}>
        Launch
      </Button>
    </div>
  );
}

export function RecipeCard({ recipe, star }: { recipe: RecipeSummary; star: boolean }) {
  const origin = originOf(recipe);
  return (
    <article className={`${surface.card} ${css.card}`} aria-label={recipe.title}>
      <CardHead recipe={recipe} star={star} />
      {origin && (
        <div className={`${css.origin} text-sm text-tertiary row gap-4`}>
          <IconGitBranch size={14} stroke={stroke} aria-hidden className="no-shrink" />
          <span className="truncate" title={recipe.source}>
            From {origin}
          </span>
        </div>
      )}
      <p title={recipe.description}>{recipe.description}</p>
      <div className={iconLine.line}>
        {recipe.requires && (
          <>
            <IconPackage size={14} stroke={stroke} aria-hidden />
            <span className="truncate" title={recipe.requires}>
              {recipe.requires}
            </span>
          </>
        )}
      </div>
      <CardFoot recipe={recipe} />
    </article>
  );
}
