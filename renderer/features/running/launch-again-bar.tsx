import { IconHistory, IconStarFilled } from '@tabler/icons-react';
import { useMemo } from 'react';
import { stroke } from '../../components/icons.tsx';
import { useStore } from '../../store.ts';
import { length } from '../../text/time.ts';
import { launchAgain } from './launch-again.ts';
import css from './launch-again-bar.module.css';

/** One click from here to the app one used last: the values of the last launches, favourites first. */
export function LaunchAgainBar() {
  const lastValues = useStore((state) => state.lastValues);
  const recipes = useStore((state) => state.recipes.list);
  const clusters = useStore((state) => state.clusters);
  const favourites = useStore((state) => state.settings.favourites);
  const chips = useMemo(
    () =>
      Object.entries(lastValues)
        .flatMap(([key, input]) => {
          const recipe = recipes.find((entry) => entry.name === input.recipe);
          const cluster = clusters.find((entry) => entry.cluster.id === input.clusterId)?.cluster;
          return recipe && cluster ? [{ key, input, recipe, cluster, star: favourites.includes(recipe.name) }] : [];
        })
        .sort((a, b) => Number(b.star) - Number(a.star))
        .slice(0, 4),
    [lastValues, recipes, clusters, favourites],
  );
  if (chips.length === 0) return null;
  return (
    <nav className={css.bar} aria-label="Launch again">
      <span className="text-sm text-tertiary no-shrink wide-only">Launch again</span>
      {chips.map(({ key, input, recipe, cluster, star }) => {
        const time = input.resources?.time ?? null;
        const title = input.title || recipe.title;
        return (
          <button
            key={key}
            type="button"
            className={css.chip}
            title={`Launch ${title} on ${cluster.name}`}
            onClick={() => launchAgain(input, title)}
          >
            {star ? (
              <IconStarFilled size={14} className="tone-star" aria-hidden />
            ) : (
              <IconHistory size={14} stroke={stroke} className="tone-off" aria-hidden />
            )}
            <span className="medium truncate">{title}</span>
            <span className="text-sm text-tertiary truncate">{cluster.name}</span>
            {time !== null && <span className="text-sm text-tertiary no-shrink">· {length(time)}</span>}
          </button>
        );
      })}
    </nav>
  );
}
