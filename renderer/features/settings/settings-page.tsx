import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type ComponentType, useEffect, useState } from 'react';
import { stroke } from '../../components/icons.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { PageHead } from '../../components/page.tsx';
import { type SettingsSection, ui, useUi } from '../../ui-store.ts';
import { AboutSection } from './about-section.tsx';
import { ApiSection } from './api/api-section.tsx';
import { forgetCreated } from './api/tokens-store.ts';
import { AuditSection } from './audit/audit-section.tsx';
import { ExportMenu } from './audit/export-menu.tsx';
import { BasicSection } from './basic-section.tsx';
import { PasswordsSection } from './passwords-section.tsx';
import { findSettings, SearchResults } from './search-results.tsx';
import { SectionList } from './section-list.tsx';
import css from './settings.module.css';

/** Pages that are more than rows of settings. */
const pages: Partial<Record<SettingsSection, ComponentType>> = {
  passwords: PasswordsSection,
  api: ApiSection,
  audit: AuditSection,
  about: AboutSection,
};

/** The page's search; Enter opens the page of the first setting found. */
function SettingsSearch(props: { query: string; onQuery: (query: string) => void; onEnter: () => void }) {
  const { query, onQuery } = props;
  return (
    <TextInput
      data-search
      className={css.search}
      aria-label="Search settings"
      placeholder="Search settings"
      aria-keyshortcuts="/"
      leftSection={<IconSearch size={16} stroke={stroke} aria-hidden />}
      rightSection={query === '' ? <Kbd keys="/" /> : undefined}
      value={query}
      onChange={(event) => onQuery(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onQuery('');
        if (event.key === 'Enter') props.onEnter();
      }}
    />
  );
}

export function SettingsPage() {
  const section = useUi((state) => state.settingsSection);
  const [query, setQuery] = useState('');
  // The text of a new token does not outlive the settings.
  useEffect(() => forgetCreated, []);
  const isSearching = query.trim() !== '';
  const show = (next: SettingsSection) => {
    setQuery('');
    ui.showSettings(next);
  };
  const showFirst = () => {
    const [first] = findSettings(query);
    if (first) show(first.section);
  };
  const Shown = pages[section];
  return (
    <>
      <PageHead title="Settings">
        <span className="push-end" />
        <SettingsSearch query={query} onQuery={setQuery} onEnter={showFirst} />
        {section === 'audit' && !isSearching && <ExportMenu />}
      </PageHead>
      <div className={css.page}>
        <SectionList current={isSearching ? null : section} onChoose={show} />
        <div key={isSearching ? '' : section} className={css.body} data-page-body>
          {isSearching ? (
            <SearchResults query={query} onClear={() => setQuery('')} onShow={show} />
          ) : Shown ? (
            <Shown />
          ) : (
            <BasicSection section={section} />
          )}
        </div>
      </div>
    </>
  );
}
