import { SegmentedControl, Select } from '@mantine/core';
import { Count } from '../../components/count.tsx';
import type { categories } from './filter-recipes.ts';
import css from './recipes-page.module.css';

/** All categories in a row where there is room, else a menu of them. */
export function CategoryControl(props: {
  value: string;
  kinds: ReturnType<typeof categories>;
  total: number;
  onChange: (category: string) => void;
}) {
  const { value, kinds, total, onChange } = props;
  const all = [{ name: '', count: total }, ...kinds];
  const title = (name: string) => name || 'All';
  return (
    <>
      <SegmentedControl
        className={css.categories}
        aria-label="Category"
        value={value}
        onChange={onChange}
        data={all.map(({ name, count }) => ({
          value: name,
          label: (
            <>
              {title(name)}
              <Count value={count} />
            </>
          ),
        }))}
      />
      <Select
        className={css.categoryMenu}
        w={220}
        aria-label="Category"
        allowDeselect={false}
        value={value}
        onChange={(category) => onChange(category ?? '')}
        data={all.map(({ name, count }) => ({ value: name, label: `${title(name)} (${count})` }))}
      />
    </>
  );
}
