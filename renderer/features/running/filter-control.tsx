import { Button, Menu, SegmentedControl } from '@mantine/core';
import { IconChevronDown, IconFilter } from '@tabler/icons-react';
import { Count } from '../../components/count.tsx';
import { stroke } from '../../components/icons.tsx';
import { type Filter, filterLabels, filters } from '../../text/instance.ts';
import css from './filter-control.module.css';

interface FilterProps {
  filter: Filter;
  counts: Record<Filter, number>;
  onFilter: (filter: Filter) => void;
}

/** All filters in a row where there is room; else an icon, with the one in use in words, opens them. */
export function FilterControl({ filter, counts, onFilter }: FilterProps) {
  return (
    <>
      <SegmentedControl
        className={css.row}
        aria-label="Show"
        value={filter}
        onChange={(value) => onFilter(value as Filter)}
        data={filters.map((value) => ({
          value,
          label: (
            <>
              {filterLabels[value]}
              <Count value={counts[value]} />
            </>
          ),
        }))}
      />
      <span className={css.menu}>
        <Menu position="bottom-start" width={200}>
          <Menu.Target>
            <Button
              variant="subtle"
              px={8}
              aria-label={`Show: ${filterLabels[filter]} ${counts[filter]}`}
              leftSection={<IconFilter size={16} stroke={stroke} aria-hidden />}
              rightSection={<IconChevronDown size={14} stroke={stroke} aria-hidden />}
            >
              {filterLabels[filter]} <Count value={counts[filter]} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.RadioGroup value={filter} onChange={(value) => onFilter(value as Filter)}>
              {filters.map((value) => (
                <Menu.RadioItem key={value} value={value} closeMenuOnClick>
                  {filterLabels[value]} <span className="text-tertiary tabular">{counts[value]}</span>
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Dropdown>
        </Menu>
      </span>
    </>
  );
}
