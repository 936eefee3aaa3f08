import { Button, Menu, SegmentedControl } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { IconChevronDown, IconFilter, IconHistory, IconPlus, IconSearch, IconStarFilled } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { IconButton, Kbd, modKey, PageHead, stroke } from '../../components/parts.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { type Filter, filters, filterWords, foldEnded, matches } from '../../words/instance.ts';
import { count } from '../../words/size.ts';
import { length } from '../../words/time.ts';
import { FirstRun } from './first-run.tsx';
import { launchAgain } from './launch-again.ts';
import { RunList } from './run-list.tsx';

export function SearchButton() {
  return (
    <>
      <button type="button" className="search-btn hide-s" onClick={spotlight.open} aria-keyshortcuts="Control+K">
        <IconSearch size={16} stroke={stroke} aria-hidden />
        <span className="grow" style={{ textAlign: 'start' }}>
          Search or run
        </span>
        <Kbd keys={`${modKey()} K`} />
      </button>
      <span className="show-s">
        <IconButton icon={IconSearch} label="Search or run" onClick={spotlight.open} />
      </span>
    </>
  );
}

/** One click from here to the app one used last: the values of the last launches, favourites first. */
function LaunchAgain() {
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
    <nav className="again" aria-label="Launch again">
      <span className="s dimmer fixed hide-s">Launch again</span>
      {chips.map(({ key, input, recipe, cluster, star }) => {
        const time = input.resources?.time ?? null;
        const title = input.title || recipe.title;
        return (
          <button
            key={key}
            type="button"
            className="chip"
            title={`Launch ${title} on ${cluster.name}`}
            onClick={() => launchAgain(input, title)}
          >
            {star ? (
              <IconStarFilled size={14} className="t-star" aria-hidden />
            ) : (
              <IconHistory size={14} stroke={stroke} className="t-off" aria-hidden />
            )}
            <span className="m cut">{title}</span>
            <span className="s dimmer cut">{cluster.name}</span>
            {time !== null && <span className="s dimmer fixed">· {length(time)}</span>}
          </button>
        );
      })}
    </nav>
  );
}

interface FilterProps {
  filter: Filter;
  counts: Record<Filter, number>;
  onFilter: (filter: Filter) => void;
}

/** All filters in a row where there is room; else an icon, with the one in use in words, opens them. */
function FilterControl({ filter, counts, onFilter }: FilterProps) {
  return (
    <>
      <SegmentedControl
        className="hide-s"
        aria-label="Show"
        value={filter}
        onChange={(value) => onFilter(value as Filter)}
        data={filters.map((value) => ({
          value,
          label: (
            <>
              {filterWords[value]}
              <span className="c">{counts[value]}</span>
            </>
          ),
        }))}
      />
      <span className="show-s">
        <Menu position="bottom-start" width={200}>
          <Menu.Target>
            <Button
              variant="subtle"
              px={8}
              aria-label={`Show: ${filterWords[filter]} ${counts[filter]}`}
              leftSection={<IconFilter size={16} stroke={stroke} aria-hidden />}
              rightSection={<IconChevronDown size={14} stroke={stroke} aria-hidden />}
            >
              {filterWords[filter]} <span className="c">{counts[filter]}</span>
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.RadioGroup value={filter} onChange={(value) => onFilter(value as Filter)}>
              {filters.map((value) => (
                <Menu.RadioItem key={value} value={value} closeMenuOnClick>
                  {filterWords[value]} <span className="dimmer num">{counts[value]}</span>
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Dropdown>
        </Menu>
      </span>
    </>
  );
}

export function RunningPage() {
  const instances = useStore((state) => state.instances);
  const clusters = useStore((state) => state.clusters);
  const [filter, setFilter] = useState<Filter>('all');
  const [allEnded, setAllEnded] = useState(false);
  const byId = useMemo(() => new Map(clusters.map((entry) => [entry.cluster.id, entry])), [clusters]);
  const newest = useMemo(() => [...instances].sort((a, b) => b.createdAt - a.createdAt), [instances]);
  const matching = newest.filter((instance) => matches(filter, instance, byId.get(instance.clusterId)));
  const { shown, folded } = foldEnded(matching);
  const counts = Object.fromEntries(
    filters.map((value) => [
      value,
      instances.filter((instance) => matches(value, instance, byId.get(instance.clusterId))).length,
    ]),
  ) as Record<Filter, number>;
  const empty = instances.length === 0;
  return (
    <>
      <PageHead title="Running apps">
        {!empty && <FilterControl filter={filter} counts={counts} onFilter={setFilter} />}
        <span className="end" />
        <SearchButton />
        <Button
          variant={empty ? 'default' : 'filled'}
          leftSection={<IconPlus size={16} stroke={stroke} aria-hidden />}
          onClick={() => ui.go('recipes')}
          aria-keyshortcuts="Control+N"
        >
          Launch app
        </Button>
      </PageHead>
      <div className="body">
        {empty ? (
          <FirstRun />
        ) : (
          <>
            <LaunchAgain />
            {shown.length > 0 && <RunList list={allEnded ? matching : shown} byId={byId} />}
            {folded > 0 && (
              <div className="row folded">
                <span className="s dimmer">
                  {allEnded ? `All ${count(matching.length, 'app')} are shown.` : `${folded} more ended before.`}
                </span>
                <button
                  type="button"
                  className="link s"
                  aria-expanded={allEnded}
                  onClick={() => setAllEnded(!allEnded)}
                >
                  {allEnded ? 'Fold those that ended' : 'Show them'}
                </button>
              </div>
            )}
            {shown.length === 0 && (
              <div className="empty">
                <p>{filter === 'you' ? 'Nothing needs you now.' : 'No running app is in this state now.'}</p>
                <Button onClick={() => setFilter('all')}>Show all</Button>
              </div>
            )}
          </>
        )}
      </div>
    </>
  );
}
