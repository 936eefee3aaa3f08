import { Button, Checkbox, Menu, SegmentedControl, Select, TextInput } from '@mantine/core';
import { IconChevronDown, IconFilter, IconPlus, IconSearch, IconServer2 } from '@tabler/icons-react';
import { Count } from '../../components/count.tsx';
import { stroke } from '../../components/icons.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { PageHead } from '../../components/page.tsx';
import { SearchButton } from '../../components/search-button.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { type JobFilter, jobFilterLabels, jobFilters, type WantedJobs } from './job-list-model.ts';
import css from './jobs-head.module.css';
import { NewJobMenu } from './new-job-menu.tsx';

interface FilterProps {
  wanted: WantedJobs;
  /** Of those that the state lists; all and ended ones are not counted, since there are older ones. */
  counts: Record<JobFilter, number>;
  onWanted: (wanted: WantedJobs) => void;
}

const isCounted = (filter: JobFilter): boolean => filter !== 'all' && filter !== 'ended';

function FilterControl({ wanted, counts, onWanted }: FilterProps) {
  const choose = (value: string) => onWanted({ ...wanted, filter: value as JobFilter });
  const label = (filter: JobFilter) => (
    <>
      {jobFilterLabels[filter]} {isCounted(filter) && <Count value={counts[filter]} />}
    </>
  );
  return (
    <>
      <SegmentedControl
        className={css.filters}
        aria-label="Show"
        value={wanted.filter}
        onChange={choose}
        data={jobFilters.map((value) => ({ value, label: label(value) }))}
      />
      <span className={css.filterMenu}>
        <Menu position="bottom-start" width={200}>
          <Menu.Target>
            <Button
              variant="subtle"
              px={8}
              aria-label={`Show: ${jobFilterLabels[wanted.filter]}`}
              leftSection={<IconFilter size={16} stroke={stroke} aria-hidden />}
              rightSection={<IconChevronDown size={14} stroke={stroke} aria-hidden />}
            >
              {label(wanted.filter)}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.RadioGroup value={wanted.filter} onChange={choose}>
              {jobFilters.map((value) => (
                <Menu.RadioItem key={value} value={value} closeMenuOnClick>
                  {label(value)}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Dropdown>
        </Menu>
      </span>
    </>
  );
}

export function JobsHead(props: FilterProps & { isEmpty: boolean }) {
  return (
    <PageHead title="Jobs">
      {!props.isEmpty && <FilterControl {...props} />}
      <span className="push-end" />
      <SearchButton />
      <NewJobMenu />
      <Button
        variant={props.isEmpty ? 'default' : 'filled'}
        leftSection={<IconPlus size={16} stroke={stroke} aria-hidden />}
        aria-keyshortcuts="Control+Shift+N"
        onClick={ui.newJob}
      >
        New job
      </Button>
    </PageHead>
  );
}

/** Which jobs of those that the filter shows. */
export function JobsSearch({ wanted, onWanted }: Omit<FilterProps, 'counts'>) {
  const clusters = useStore((state) => state.clusters);
  return (
    <div className={css.search}>
      <TextInput
        className={css.text}
        data-search
        aria-label="Find by name or id"
        placeholder="Find by name or id"
        maxLength={200}
        leftSection={<IconSearch size={16} stroke={stroke} aria-hidden />}
        rightSection={<Kbd keys="/" />}
        value={wanted.text}
        onChange={(event) => onWanted({ ...wanted, text: event.currentTarget.value })}
        onKeyDown={(event) => event.key === 'Escape' && onWanted({ ...wanted, text: '' })}
      />
      <Select
        className={css.cluster}
        aria-label="Cluster"
        leftSection={<IconServer2 size={16} stroke={stroke} aria-hidden />}
        value={wanted.clusterId}
        onChange={(value) => onWanted({ ...wanted, clusterId: value ?? '' })}
        data={[
          { value: '', label: 'All clusters' },
          ...clusters.map(({ cluster }) => ({ value: cluster.id, label: cluster.name })),
        ]}
      />
      <Checkbox
        label="Archived"
        checked={wanted.isArchived}
        onChange={(event) => onWanted({ ...wanted, isArchived: event.currentTarget.checked })}
      />
    </div>
  );
}
