import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { RecipeIcon, stroke } from '../../components/icons.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';

/** The forms that make a job; nothing where no recipe is a batch job. */
export function NewJobMenu() {
  const recipes = useStore((state) => state.recipes.list);
  const batch = recipes.filter(({ serves }) => !serves);
  if (batch.length === 0) return null;
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button rightSection={<IconChevronDown size={14} stroke={stroke} aria-hidden />}>From a recipe</Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
        {batch.map(({ name, title, icon }) => (
          <Menu.Item key={name} leftSection={<RecipeIcon name={icon} size={16} />} onClick={() => ui.launch(name)}>
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
