import { Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconServer2 } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { RequestInput } from '../../../electron/shared/contract/index.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { stroke } from '../../components/icons.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { useStore } from '../../store.ts';
import type { Filter } from '../../text/instance.ts';
import { count } from '../../text/size.ts';
import css from './older-apps.module.css';
import { type OlderFilter, olderQuery, withoutKnown } from './older-policy.ts';
import { useRemoved } from './removed-apps.ts';
import { RunList } from './run-list.tsx';
import { useOlder } from './use-older.ts';

type ById = Map<string, ClusterState>;

/** Apps that ended before those that the state lists, on demand. */
export function OlderApps({ filter, byId }: { filter: Filter; byId: ById }) {
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState<OlderFilter>({ text: '', clusterId: '' });
  const [text] = useDebouncedValue(wanted.text, 200);
  const { clusterId } = wanted;
  const query = useMemo(() => olderQuery(filter, { text, clusterId }), [filter, text, clusterId]);
  if (!query) return null;
  return (
    <>
      <div className={`${css.toggle} row`}>
        <LinkButton className="text-sm" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide older' : 'Show older'}
        </LinkButton>
      </div>
      {open && (
        <section aria-label="Older apps">
          <OlderHead byId={byId} wanted={wanted} onWanted={setWanted} />
          <OlderList query={query} byId={byId} />
        </section>
      )}
    </>
  );
}

function OlderHead(props: { byId: ById; wanted: OlderFilter; onWanted: (wanted: OlderFilter) => void }) {
  const { byId, wanted, onWanted } = props;
  const clusters = [...byId.values()].map(({ cluster }) => ({ value: cluster.id, label: cluster.name }));
  return (
    <div className={css.head}>
      <h2>Older apps</h2>
      <span className="push-end" />
      <TextInput
        className={css.field}
        aria-label="Search older apps"
        placeholder="Search older apps"
        maxLength={200}
        leftSection={<IconSearch size={16} stroke={stroke} aria-hidden />}
        value={wanted.text}
        onChange={(event) => onWanted({ ...wanted, text: event.currentTarget.value })}
        onKeyDown={(event) => event.key === 'Escape' && onWanted({ ...wanted, text: '' })}
      />
      <Select
        className={css.field}
        aria-label="Cluster of older apps"
        leftSection={<IconServer2 size={16} stroke={stroke} aria-hidden />}
        value={wanted.clusterId}
        onChange={(value) => onWanted({ ...wanted, clusterId: value ?? '' })}
        data={[{ value: '', label: 'All clusters' }, ...clusters]}
      />
    </div>
  );
}

function OlderList({ query, byId }: { query: RequestInput<'history.query'>; byId: ById }) {
  const listed = useStore((state) => state.instances);
  const removed = useRemoved(({ ids }) => ids);
  const { instances, next, isLoading, error, readMore } = useOlder(query);
  const shown = withoutKnown(instances, listed, removed);
  return (
    <>
      {shown.length > 0 && <RunList label="Older apps" list={shown} byId={byId} />}
      {error && (
        <ErrorNote
          alert
          title="Older apps could not be read"
          error={error.serialize()}
          action={<LinkButton onClick={readMore}>Try again</LinkButton>}
        />
      )}
      <div className={`${css.toggle} row`}>
        <span className="text-sm text-tertiary" role="status">
          {statusOf(shown.length, isLoading, error === null && next === null)}
        </span>
        {next !== null && !error && (
          <LinkButton className="text-sm" aria-disabled={isLoading} onClick={() => isLoading || readMore()}>
            Show more
          </LinkButton>
        )}
      </div>
    </>
  );
}

function statusOf(shown: number, isLoading: boolean, isEnd: boolean): string {
  if (isLoading) return 'Reading the history…';
  if (!isEnd) return shown === 0 ? '' : `${count(shown, 'older app')} shown.`;
  return shown === 0 ? 'No older app was found.' : `All ${count(shown, 'older app')} shown.`;
}
