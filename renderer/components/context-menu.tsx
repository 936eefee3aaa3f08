import { Menu } from '@mantine/core';
import { type MouseEvent, useEffect, useState } from 'react';
import { ClusterMenuItems } from '../features/clusters/cluster-menu.tsx';
import { FileMenuItems } from '../features/files/file-menu.tsx';
import { JobMenuItems } from '../features/jobs/job-menu.tsx';
import { useJob } from '../features/jobs/known-jobs.ts';
import { RecipeMenuItems } from '../features/recipes/recipe-menu.tsx';
import { AppMenuItems } from '../features/running/app-menu.tsx';
import { useStore } from '../store.ts';
import { type ContextMenuOf, ui, useUi } from '../ui-store.ts';
import { useCover } from './use-cover.ts';

/** The entries of what the menu belongs to; nothing where that has gone meanwhile. */
function Entries({ kind, id }: Pick<ContextMenuOf, 'kind' | 'id'>) {
  const view = useStore((state) => state.views.list.find((entry) => kind === 'view' && entry.id === id));
  const job = useJob(id);
  const instance = useStore((state) => state.instances.find((entry) => entry.id === (view?.instanceId ?? id)));
  const cluster = useStore((state) => state.clusters.find((entry) => entry.cluster.id === id));
  const recipe = useStore((state) => state.recipes.list.find((entry) => entry.name === id));
  if (kind === 'file') return <FileMenuItems id={id === '1' ? 1 : 0} />;
  if (kind === 'job') return job && <JobMenuItems job={job} isWhole />;
  if (kind === 'cluster') return cluster && <ClusterMenuItems entry={cluster} />;
  if (kind === 'recipe') return recipe && <RecipeMenuItems recipe={recipe} />;
  return instance && <AppMenuItems instance={instance} isWhole viewId={view?.id} />;
}

function OpenMenu({ menu }: { menu: ContextMenuOf }) {
  useCover(true);
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // After the menu has left the page; an entry may have opened a dialog, which has the focus then.
      queueMicrotask(() => {
        const isFree = document.activeElement === null || document.activeElement === document.body;
        if (isFree && before instanceof HTMLElement && before.isConnected) before.focus();
      });
    },
    [before],
  );
  const { x, y } = menu;
  return (
    <Menu
      opened
      onClose={ui.closeContextMenu}
      position="bottom-start"
      offset={0}
      // A long menu moves up until all of it is in the window, over the pointer if it must.
      middlewares={{ flip: false, shift: { crossAxis: true, padding: 8 } }}
      returnFocus={false}
    >
      <Menu.Target>
        <span aria-hidden style={{ position: 'fixed', left: x, top: y, inlineSize: 1, blockSize: 1 }} />
      </Menu.Target>
      <Menu.Dropdown aria-label="Menu" mah="calc(100vh - 16px)" style={{ overflowY: 'auto' }}>
        <Entries kind={menu.kind} id={menu.id} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** The menu of a card, a row or a tab: the same entries as its "more". One at a time. */
export function ContextMenu() {
  const menu = useUi((state) => state.contextMenu);
  return menu && <OpenMenu key={`${menu.kind} ${menu.id} ${menu.x} ${menu.y}`} menu={menu} />;
}

/** Text that can be copied has the system's own menu. */
const hasOwnMenu = (target: EventTarget) =>
  target instanceof Element && target.closest('input, textarea, pre, [role="log"]') !== null;

/** Handles the right button, the menu key and Shift F10 of what a menu belongs to. */
export function opensContextMenu(kind: ContextMenuOf['kind'], id: string) {
  return (event: MouseEvent<HTMLElement>): void => {
    if (hasOwnMenu(event.target) || !document.getSelection()?.isCollapsed) return;
    event.preventDefault();
    event.stopPropagation();
    const { left, top, right, bottom } = event.currentTarget.getBoundingClientRect();
    const { clientX, clientY } = event;
    const isInside = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
    // From the keyboard there is no place.
    ui.openContextMenu({ kind, id, x: isInside ? clientX : left + 48, y: isInside ? clientY : top + 32 });
  };
}
