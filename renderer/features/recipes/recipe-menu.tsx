import { Menu } from '@mantine/core';
import { IconPlayerPlay, IconStar, IconStarOff, type TablerIcon } from '@tabler/icons-react';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';
import { stroke } from '../../components/icons.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { toggleFavourite } from './favourites.ts';

const icon = (Shown: TablerIcon) => <Shown size={16} stroke={stroke} aria-hidden />;

/** What can be done with a recipe. */
export function RecipeMenuItems({ recipe }: { recipe: RecipeSummary }) {
  const isFavourite = useStore((state) => state.settings.favourites.includes(recipe.name));
  return (
    <>
      <Menu.Item leftSection={icon(IconPlayerPlay)} onClick={() => ui.launch(recipe.name)}>
        Launch
      </Menu.Item>
      <Menu.Item
        leftSection={icon(isFavourite ? IconStarOff : IconStar)}
        onClick={() => toggleFavourite(recipe.name, isFavourite)}
      >
        {isFavourite ? 'Remove from favourites' : 'Add to favourites'}
      </Menu.Item>
    </>
  );
}
