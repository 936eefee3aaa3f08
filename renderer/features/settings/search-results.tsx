import { Button } from '@mantine/core';
import empty from '../../components/empty.module.css';
import { LinkButton } from '../../components/link-button.tsx';
import { type SettingsSection, settingsSections } from '../../ui-store.ts';
import { EntryRow } from './basic-section.tsx';
import { searchSettings } from './search-settings.ts';
import { SectionHead } from './section-head.tsx';
import { sectionLooks } from './sections.ts';
import { settingList } from './setting-list.tsx';
import { SettingGroup, SettingRow } from './setting-row.tsx';

/** The settings that a query finds, in the order of their pages. */
export const findSettings = (query: string) => searchSettings(settingList, query, (name) => sectionLooks[name].title);

/** What the search found, under the titles of its pages; each can be changed here. */
export function SearchResults(props: {
  query: string;
  onClear: () => void;
  onShow: (section: SettingsSection) => void;
}) {
  const found = findSettings(props.query);
  return (
    <>
      <SectionHead title="Search" note={<span role="status">{describeCount(found.length)}</span>} />
      {found.length === 0 && (
        <div className={empty.empty}>
          <p>No setting matches.</p>
          <Button onClick={props.onClear}>Clear</Button>
        </div>
      )}
      {settingsSections.map((section) => {
        const entries = found.filter((entry) => entry.section === section);
        if (entries.length === 0) return null;
        const { title } = sectionLooks[section];
        return (
          <SettingGroup key={section} title={title}>
            {entries.map((entry) =>
              entry.Control ? (
                <EntryRow key={entry.id} entry={entry} query={props.query} />
              ) : (
                <SettingRow
                  key={entry.id}
                  id={entry.id}
                  title={entry.title}
                  description={entry.description}
                  query={props.query}
                >
                  <LinkButton aria-label={`Show ${entry.title}`} onClick={() => props.onShow(section)}>
                    Show
                  </LinkButton>
                </SettingRow>
              ),
            )}
          </SettingGroup>
        );
      })}
    </>
  );
}

const describeCount = (found: number): string =>
  found === 0 ? 'Nothing found' : found === 1 ? '1 setting' : `${found} settings`;
