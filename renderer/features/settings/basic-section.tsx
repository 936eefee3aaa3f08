import { Button } from '@mantine/core';
import { IconRestore } from '@tabler/icons-react';
import { type Settings, settingsSchema } from '../../../electron/shared/state.ts';
import { stroke } from '../../components/icons.tsx';
import { useStore } from '../../store.ts';
import type { SettingsSection } from '../../ui-store.ts';
import { saveSettings } from './save-settings.ts';
import { isChanged } from './search-settings.ts';
import { SectionHead } from './section-head.tsx';
import { sectionLooks } from './sections.ts';
import { type SettingEntry, settingList } from './setting-list.tsx';
import { SettingGroup, SettingRow } from './setting-row.tsx';

const defaults = settingsSchema.parse({});

/** Entries under their group, in their order. */
function groupEntries(entries: readonly SettingEntry[]): [group: string | undefined, entries: SettingEntry[]][] {
  const groups: [string | undefined, SettingEntry[]][] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last && last[0] === entry.group) last[1].push(entry);
    else groups.push([entry.group, [entry]]);
  }
  return groups;
}

function ResetSection({ entries }: { entries: readonly SettingEntry[] }) {
  const settings = useStore((state) => state.settings);
  const changed = entries.flatMap(({ setting }) =>
    setting !== undefined && isChanged(settings, defaults, setting) ? [setting] : [],
  );
  if (changed.length === 0) return null;
  const reset: Partial<Settings> = Object.fromEntries(changed.map((name) => [name, defaults[name]]));
  return (
    <Button
      size="xs"
      variant="subtle"
      leftSection={<IconRestore size={14} stroke={stroke} aria-hidden />}
      onClick={() => saveSettings(reset)}
    >
      Reset section
    </Button>
  );
}

/** One row with its control. */
export function EntryRow({ entry, query }: { entry: SettingEntry; query?: string }) {
  const { id, title, description, setting, isWide, Control } = entry;
  return (
    <SettingRow
      id={id}
      title={title}
      description={description}
      setting={setting}
      isWide={isWide}
      {...(query !== undefined && { query })}
    >
      {Control && <Control id={id} title={title} />}
    </SettingRow>
  );
}

/** A page that consists of rows and nothing else. */
export function BasicSection({ section }: { section: SettingsSection }) {
  const entries = settingList.filter((entry) => entry.section === section);
  return (
    <>
      <SectionHead title={sectionLooks[section].title}>
        <ResetSection entries={entries} />
      </SectionHead>
      {groupEntries(entries).map(([group, list]) => (
        <SettingGroup key={group ?? ''} {...(group !== undefined && { title: group })}>
          {list.map((entry) => (
            <EntryRow key={entry.id} entry={entry} />
          ))}
        </SettingGroup>
      ))}
    </>
  );
}
