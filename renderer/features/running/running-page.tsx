import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import empty from '../../components/empty.module.css';
import { stroke } from '../../components/icons.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { PageBody, PageHead } from '../../components/page.tsx';
import { SearchButton } from '../../components/search-button.tsx';
import { useStore } from '../../store.ts';
import { type Filter, filters, foldEnded, matchesFilter } from '../../text/instance.ts';
import { count } from '../../text/size.ts';
import { ui } from '../../ui-store.ts';
import { FilterControl } from './filter-control.tsx';
import { FirstRun } from './first-run.tsx';
import { LaunchAgainBar } from './launch-again-bar.tsx';
import { OlderApps } from './older-apps.tsx';
import { mayHaveOlder } from './older-policy.ts';
import { RunList } from './run-list.tsx';
import css from './running-page.module.css';

export function RunningPage() {
  const instances = useStore((state) => state.instances);
  const clusters = useStore((state) => state.clusters);
  const [filter, setFilter] = useState<Filter>('all');
  const [allEnded, setAllEnded] = useState(false);
  const byId = useMemo(() => new Map(clusters.map((entry) => [entry.cluster.id, entry])), [clusters]);
  const newest = useMemo(() => [...instances].sort((a, b) => b.createdAt - a.createdAt), [instances]);
  const matching = newest.filter((instance) => matchesFilter(filter, instance, byId.get(instance.clusterId)));
  const { shown, folded } = foldEnded(matching);
  const counts = Object.fromEntries(
    filters.map((value) => [
      value,
      instances.filter((instance) => matchesFilter(value, instance, byId.get(instance.clusterId))).length,
    ]),
  ) as Record<Filter, number>;
  const isEmpty = instances.length === 0;
  return (
    <>
      <PageHead title="Running apps">
        {!isEmpty && <FilterControl filter={filter} counts={counts} onFilter={setFilter} />}
        <span className="push-end" />
        <SearchButton />
        <Button
          variant={isEmpty ? 'default' : 'filled'}
          leftSection={<IconPlus size={16} stroke={stroke} aria-hidden />}
          onClick={() => ui.go('recipes')}
          aria-keyshortcuts="Control+N"
        >
          Launch app
        </Button>
      </PageHead>
      <PageBody>
        {isEmpty ? (
          <FirstRun />
        ) : (
          <>
            <LaunchAgainBar />
            {shown.length > 0 && <RunList list={allEnded ? matching : shown} byId={byId} />}
            {folded > 0 && (
              <div className={`${css.folded} row`}>
                <span className="text-sm text-tertiary">
                  {allEnded ? `All ${count(matching.length, 'app')} are shown.` : `${folded} more ended before.`}
                </span>
                <LinkButton className="text-sm" aria-expanded={allEnded} onClick={() => setAllEnded(!allEnded)}>
                  {allEnded ? 'Fold those that ended' : 'Show them'}
                </LinkButton>
              </div>
            )}
            {(folded === 0 || allEnded) && mayHaveOlder(instances) && <OlderApps filter={filter} byId={byId} />}
            {shown.length === 0 && (
              <div className={empty.empty}>
                <p>{filter === 'you' ? 'Nothing needs you now.' : 'No running app is in this state now.'}</p>
                <Button onClick={() => setFilter('all')}>Show all</Button>
              </div>
            )}
          </>
        )}
      </PageBody>
    </>
  );
}
