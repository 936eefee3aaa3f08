import { ActionIcon, Button } from '@mantine/core';
import { IconGitBranch, IconPackage, IconStar, IconStarFilled } from '@tabler/icons-react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { RecipeUse } from '../../../electron/shared/contract/history.ts';
import { launcherLabel } from '../../../electron/shared/launcher-features.ts';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';
import { isBackground } from '../../components/card-background.ts';
import { opensContextMenu } from '../../components/context-menu.tsx';
import iconLine from '../../components/icon-line.module.css';
import { RecipeIcon, stroke } from '../../components/icons.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { Note } from '../../components/note.tsx';
import surface from '../../components/surface.module.css';
import { Tile } from '../../components/tile.tsx';
import { useStore } from '../../store.ts';
import { describeUse } from '../../text/use.ts';
import { ui } from '../../ui-store.ts';
import { toggleFavourite } from './favourites.ts';
import { originOf } from './filter-recipes.ts';
import css from './recipe-card.module.css';
import { alternativeFor } from './recipe-fit.ts';

function CardHead({ recipe, star, use }: { recipe: RecipeSummary; star: boolean; use: RecipeUse | undefined }) {
  const used = describeUse(use, Date.now());
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
          {[recipe.category, used || recipe.name].filter(Boolean).join(' · ')}
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

/** The launchers it works with, and the button that opens its form, whose word is never cut. */
function CardFoot({ recipe }: { recipe: RecipeSummary }) {
  const launchers = recipe.launchers.map(launcherLabel).join(', ');
  return (
    <div className={css.foot}>
      <span className="text-sm text-tertiary truncate grow" title={launchers}>
        {launchers}
      </span>
      <Button
        size="xs"
        className="no-shrink"
        aria-label={`Launch ${recipe.title}`}
        onClick={() => ui.launch(recipe.name)}
      >
        Launch
      </Button>
    </div>
  );
}

/** Why the chosen cluster cannot run it, and where it can be run instead. */
function MisfitNote({ recipe, misfit }: { recipe: RecipeSummary; misfit: Misfit }) {
  const clusters = useStore((state) => state.clusters);
  const other = alternativeFor(recipe, misfit.cluster, clusters);
  return (
    <div className={css.misfit}>
      <Note
        tone="wait"
        action={
          other ? (
            <LinkButton
              className={css.other}
              title={other.cluster.name}
              onClick={() => ui.launch(recipe.name, { clusterId: other.cluster.id })}
            >
              <span className="truncate">Launch on {other.cluster.name}</span>
            </LinkButton>
          ) : (
            <LinkButton onClick={() => ui.open({ kind: 'cluster', id: null })}>Add a cluster</LinkButton>
          )
        }
      >
        {misfit.reason}
      </Note>
    </div>
  );
}

interface Misfit {
  reason: string;
  /** The one that cannot run it. */
  cluster: ClusterState;
}

export function RecipeCard(props: {
  recipe: RecipeSummary;
  star: boolean;
  use: RecipeUse | undefined;
  misfit?: Misfit | undefined;
}) {
  const { recipe, star, use, misfit } = props;
  const origin = originOf(recipe);
  return (
    <article
      className={`${surface.card} ${css.card}`}
      aria-label={recipe.title}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: its menu opens by a key
      tabIndex={0}
      onContextMenu={opensContextMenu('recipe', recipe.name)}
      onDoubleClick={({ target }) => isBackground(target) && ui.launch(recipe.name)}
    >
      <CardHead recipe={recipe} star={star} use={use} />
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
      {misfit && <MisfitNote recipe={recipe} misfit={misfit} />}
      <CardFoot recipe={recipe} />
    </article>
  );
}
