import { Button, Loader, SegmentedControl, Select, TextInput } from '@mantine/core';
import { IconFileCheck, IconMapPin } from '@tabler/icons-react';
import { type FormEvent, useEffect, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import type { ShippedSite, SiteReading } from '../../../electron/shared/sites.ts';
import { invoke } from '../../bridge.ts';
import bullets from '../../components/bullet-list.module.css';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { fieldLabel } from '../../components/field-label.tsx';
import { stroke } from '../../components/icons.tsx';
import { Note } from '../../components/note.tsx';
import { SiteDocs } from '../../components/site-docs.tsx';
import surface from '../../components/surface.module.css';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';

type From = 'shipped' | 'file' | 'address';

const froms: { value: From; label: string }[] = [
  { value: 'shipped', label: 'Example' },
  { value: 'file', label: 'File' },
  { value: 'address', label: 'Address' },
];

/** What a profile would change, as the engine found out, before anything is changed. */
function Review({ reading }: { reading: SiteReading }) {
  return (
    <section className={surface.well} aria-label="What it changes">
      <div className="row">
        <IconFileCheck size={16} stroke={stroke} className="no-shrink" aria-hidden />
        <h3 className="truncate" title={reading.profile.site}>
          {reading.profile.site}
        </h3>
        <span className="push-end" />
        <SiteDocs site={reading.profile} />
      </div>
      <p className="text-xs text-tertiary mono truncate" title={reading.source}>
        {reading.source}
      </p>
      <ul className={bullets.list}>
        {reading.review.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}

/** Where a profile comes from: an example that comes with Tunel, a file or an address. */
function SiteSource(props: {
  from: From;
  sources: Record<From, string>;
  shipped: ShippedSite[] | null;
  isReading: boolean;
  onFrom: (from: From) => void;
  onSource: (text: string) => void;
  onRead: (text: string) => void;
}) {
  const { from, sources, shipped, onFrom, onSource, onRead } = props;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onRead(sources[from].trim());
  };
  return (
    <form className="column" style={{ gap: 12 }} onSubmit={submit}>
      <SegmentedControl
        aria-label="Where the profile comes from"
        value={from}
        onChange={(value) => {
          const next = froms.find((entry) => entry.value === value);
          if (next) onFrom(next.value);
        }}
        data={froms}
      />
      {from === 'shipped' && (
        <Select
          data-autofocus
          label={fieldLabel('Example', shipped ? `${shipped.length} come with Tunel` : 'reading')}
          placeholder={shipped?.length === 0 ? 'None' : 'Choose one'}
          value={sources.shipped || null}
          data={(shipped ?? []).map((entry) => ({ value: entry.name, label: entry.profile.site }))}
          onChange={(name) => {
            onSource(name ?? '');
            onRead(name ?? '');
          }}
        />
      )}
      {from !== 'shipped' && (
        <div className="row align-start">
          <TextInput
            key={from}
            className="grow"
            label={from === 'file' ? fieldLabel('File', 'on this computer') : fieldLabel('Address', 'https')}
            placeholder={from === 'file' ? '~/site.yaml' : 'https://hpc.example/tunel-site.yaml'}
            classNames={{ input: 'mono' }}
            spellCheck={false}
            value={sources[from]}
            onChange={(event) => onSource(event.currentTarget.value)}
          />
          <Button type="submit" mt={22} disabled={sources[from].trim() === ''} loading={props.isReading}>
            Read
          </Button>
        </div>
      )}
    </form>
  );
}

/** The profile that was chosen, what it would change, and what is being done with it. */
function useSiteProfile(id: string) {
  const [from, setFrom] = useState<From>('shipped');
  const [shipped, setShipped] = useState<ShippedSite[] | null>(null);
  const [sources, setSources] = useState<Record<From, string>>({ shipped: '', file: '', address: '' });
  const [reading, setReading] = useState<SiteReading | null>(null);
  const [busy, setBusy] = useState<'' | 'read' | 'apply' | 'remove'>('');
  const [failure, setFailure] = useState<{ title: string; error: AppError } | null>(null);

  useEffect(() => {
    let stale = false;
    invoke('sites.list', undefined).then(
      (list) => !stale && setShipped(list),
      (error) => !stale && setFailure({ title: 'The examples were not read', error: AppError.from(error) }),
    );
    return () => {
      stale = true;
    };
  }, []);

  const changeSource = (text: string) => {
    setSources((last) => ({ ...last, [from]: text }));
    setReading(null);
    setFailure(null);
  };
  const read = async (text: string) => {
    if (text === '') return;
    setBusy('read');
    setFailure(null);
    try {
      setReading(await invoke('sites.read', { source: text, clusterId: id }));
    } catch (error) {
      setFailure({ title: 'No profile was read', error: AppError.from(error) });
    } finally {
      setBusy('');
    }
  };
  const set = async (profile: SiteReading['profile'] | null) => {
    setBusy(profile ? 'apply' : 'remove');
    setFailure(null);
    try {
      await invoke('clusters.setSite', { id, profile });
      ui.closeDialog();
    } catch (error) {
      setFailure({ title: profile ? 'Not applied' : 'Not removed', error: AppError.from(error) });
      setBusy('');
    }
  };
  const changeFrom = (next: From) => {
    setFrom(next);
    setReading(null);
    setFailure(null);
  };
  return { from, sources, shipped, reading, busy, failure, changeFrom, changeSource, read, set };
}

/** Chooses a site's profile, shows what it changes, and takes it over or off. Nothing is changed before Apply. */
export function SiteDialog({ id }: { id: string }) {
  const cluster = useStore((state) => state.clusters.find((entry) => entry.cluster.id === id)?.cluster);
  const { from, sources, shipped, reading, busy, failure, changeFrom, changeSource, read, set } = useSiteProfile(id);
  if (!cluster) return null;
  return (
    <Dialog
      title={`Site profile of ${cluster.name}`}
      subtitle="What a site says of itself: launcher, queues, modules, routes. Your own settings win."
      icon={IconMapPin}
      size={600}
      onClose={ui.closeDialog}
      footer={
        <>
          {cluster.site && (
            <Button data-danger loading={busy === 'remove'} onClick={() => set(null)}>
              Remove profile
            </Button>
          )}
          <span className="grow" />
          <Button onClick={ui.closeDialog}>Cancel</Button>
          <Button
            variant="filled"
            disabled={!reading}
            loading={busy === 'apply'}
            onClick={() => reading && set(reading.profile)}
          >
            Apply
          </Button>
        </>
      }
    >
      {cluster.site ? (
        <Note tone="ok" icon={IconMapPin} action={<SiteDocs site={cluster.site} />}>
          <strong className="bold">{cluster.site.site}</strong> is in use here.
        </Note>
      ) : (
        <p className="text-secondary">No profile is in use: what is offered here was detected.</p>
      )}
      <SiteSource
        from={from}
        sources={sources}
        shipped={shipped}
        isReading={busy === 'read'}
        onFrom={changeFrom}
        onSource={changeSource}
        onRead={(text) => void read(text)}
      />
      <div role="status" className="hide-empty">
        {busy === 'read' && (
          <span className="row text-secondary">
            <Loader size={14} /> Reading {sources[from].trim()}
          </span>
        )}
        {reading && busy !== 'read' && <Review reading={reading} />}
      </div>
      {failure && <ErrorNote error={failure.error} title={failure.title} alert />}
    </Dialog>
  );
}
