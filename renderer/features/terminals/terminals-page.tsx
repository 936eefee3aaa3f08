import { Button, Menu, useComputedColorScheme } from '@mantine/core';
import { IconPlayerPlay, IconPlus, IconSearch, IconServer2, IconTerminal2, IconX } from '@tabler/icons-react';
import { type FocusEvent, useEffect, useRef } from 'react';
import { IconButton } from '../../components/icon-button.tsx';
import { stroke } from '../../components/icons.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { PageHead } from '../../components/page.tsx';
import { useStore } from '../../store.ts';
import { describeKept } from './end-text.ts';
import { listAllKept, useOfferedTerminals } from './kept-store.ts';
import { OfferedTerminals } from './offered-terminals.tsx';
import { closeSearch, closeTerminal, openClusterTerminal, resumeTerminal, sessionOf } from './open-terminal.ts';
import { TerminalOutcome } from './terminal-outcome.tsx';
import { TerminalSearch } from './terminal-search.tsx';
import css from './terminals-page.module.css';
import { type TerminalTab, terminals, useTerminals } from './terminals-store.ts';

/** A list of buttons, not an ARIA tab list: each has a button of its own to close it. */
function Tabs({ tabs, current }: { tabs: TerminalTab[]; current: number | null }) {
  return (
    <ul className={css.tabs}>
      {tabs.map(({ id, title, programTitle, state }) => (
        <li key={id} className={id === current ? `${css.tab} ${css.selected}` : css.tab}>
          <button
            type="button"
            className={css.name}
            aria-current={id === current ? 'true' : undefined}
            title={programTitle === '' ? title : `${title}: ${programTitle}`}
            onClick={() => terminals.select(id)}
          >
            <IconTerminal2 size={16} stroke={stroke} className="no-shrink" aria-hidden />
            <span className={css.title}>{title}</span>
            {programTitle !== '' && <span className="truncate text-tertiary">{programTitle}</span>}
            {(state.kind === 'ended' || state.kind === 'failed') && <span className="text-tertiary">ended</span>}
          </button>
          <button
            type="button"
            className={css.close}
            aria-label={`Close the terminal on ${title}`}
            title="Close the terminal"
            onClick={() => void closeTerminal(id)}
          >
            <IconX size={14} stroke={stroke} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}

function NewTerminal() {
  const clusters = useStore((state) => state.clusters);
  const offered = useOfferedTerminals();
  return (
    <Menu position="bottom-end" onOpen={listAllKept}>
      <Menu.Target>
        <Button leftSection={<IconPlus size={16} stroke={stroke} aria-hidden />} disabled={clusters.length === 0}>
          New terminal
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {clusters.map(({ cluster }) => (
          <Menu.Item
            key={cluster.id}
            leftSection={<IconServer2 size={16} stroke={stroke} aria-hidden />}
            onClick={() => openClusterTerminal(cluster.id)}
          >
            {cluster.name}
          </Menu.Item>
        ))}
        {offered.length > 0 && <Menu.Label>Still running</Menu.Label>}
        {offered.map((kept) => (
          <Menu.Item
            key={kept.id}
            leftSection={<IconPlayerPlay size={16} stroke={stroke} aria-hidden />}
            onClick={() => resumeTerminal(kept)}
          >
            Resume {kept.title} {describeKept(kept, Date.now())}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Screen({ id }: { id: number }) {
  const box = useRef<HTMLElement>(null);
  const scheme = useComputedColorScheme('light');
  useEffect(() => {
    const session = sessionOf(id);
    if (box.current) void session.attach(box.current);
    return () => session.screen.detach();
  }, [id]);
  useEffect(() => sessionOf(id).screen.setDark(scheme === 'dark'), [id, scheme]);
  // The keys of the region are those of its shell.
  const focusShell = (event: FocusEvent<HTMLElement>) => {
    if (event.target === event.currentTarget) sessionOf(id).screen.focus();
  };
  return <section ref={box} className={css.screen} aria-label="Terminal" data-region="terminal" onFocus={focusShell} />;
}

export function TerminalsPage() {
  const { tabs, current } = useTerminals();
  const shown = tabs.find((tab) => tab.id === current);
  return (
    <>
      <PageHead title="Terminals">
        <Tabs tabs={tabs} current={current} />
        <span className="push-end" />
        {shown && (
          <>
            <span className={`${css.hint} text-sm text-tertiary`}>
              <Kbd keys="F6" /> leaves the terminal
            </span>
            <IconButton
              icon={IconSearch}
              label="Search in the terminal"
              expanded={shown.search !== null}
              onClick={() => (shown.search ? closeSearch(shown.id) : terminals.openSearch(shown.id))}
            />
          </>
        )}
        <NewTerminal />
      </PageHead>
      {shown ? (
        <div className={css.body}>
          <TerminalOutcome key={`outcome ${shown.id}`} tab={shown} />
          {shown.search && (
            <TerminalSearch key={`search ${shown.search.serial}`} id={shown.id} matches={shown.search} />
          )}
          <Screen key={`screen ${shown.id}`} id={shown.id} />
        </div>
      ) : (
        <OfferedTerminals />
      )}
    </>
  );
}
