import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import empty from '../../components/empty.module.css';
import { stroke } from '../../components/icons.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { PageBody, PageHead } from '../../components/page.tsx';
import { SearchButton } from '../../components/search-button.tsx';
import type { Filter } from '../../text/instance.ts';
import { count } from '../../text/size.ts';
import { ui } from '../../ui-store.ts';
import { FilterControl } from './filter-control.tsx';
import { FirstRun } from './first-run.tsx';
import { LaunchAgainBar } from './launch-again-bar.tsx';
import { OlderApps } from './older-apps.tsx';
import { mayHaveOlder } from './older-policy.ts';
import { RunList } from './run-list.tsx';
import css from './running-page.module.css';
import { useFilteredApps } from './use-filtered-apps.ts';

/** Says how many ended apps are folded away, and shows or folds them. */
function FoldedApps(props: { folded: number; total: number; areShown: boolean; onToggle: () => void }) {
  const { folded, total, areShown, onToggle } = props;
  return (
    <div className={`${css.folded} row`}>
      <span className="text-sm text-tertiary">
        {areShown ? `All ${count(total, 'app')} are shown.` : `${folded} more ended before.`}
      </span>
      <LinkButton className="text-sm" aria-expanded={areShown} onClick={onToggle}>
        {areShown ? 'Fold those that ended' : 'Show them'}
      </LinkButton>
    </div>
  );
}

export function RunningPage() {
  const [filter, setFilter] = useState<Filter>('all');
  const [allEnded, setAllEnded] = useState(false);
  const { listed, instances, byId, matching, shown, folded, counts } = useFilteredApps(filter);
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
        <LaunchAgainBar />
        {isEmpty ? (
          <FirstRun />
        ) : (
          <>
            {shown.length > 0 && <RunList list={allEnded ? matching : shown} byId={byId} />}
            {folded > 0 && (
              <FoldedApps
                folded={folded}
                total={matching.length}
                areShown={allEnded}
                onToggle={() => setAllEnded(!allEnded)}
              />
            )}
            {(folded === 0 || allEnded) && mayHaveOlder(listed) && <OlderApps filter={filter} byId={byId} />}
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
