import { Button, Menu } from '@mantine/core';
import { IconBookmark, IconBookmarkPlus, IconLink, IconListDetails } from '@tabler/icons-react';
import type { LaunchInput } from '../../../electron/shared/instances.ts';
import { launchLink } from '../../../electron/shared/launch-link.ts';
import { type Preset, presetsOf } from '../../../electron/shared/presets.ts';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { stroke } from '../../components/icons.tsx';
import { MenuHint } from '../../components/menu-hint.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import css from './presets-menu.module.css';

const icon = (Shown: typeof IconLink) => <Shown size={16} stroke={stroke} aria-hidden />;

/** The recipe's presets, and what can be done with the values of the form besides launching. */
export function PresetsMenu(props: {
  recipe: RecipeSummary;
  clusterId: string;
  clusterName: string;
  /** The form's values now. */
  input: () => LaunchInput;
  onChoose: (preset: Preset) => void;
}) {
  const { recipe, clusterId, clusterName } = props;
  const presets = useStore((state) => state.presets);
  const clusters = useStore((state) => state.clusters);
  const own = presetsOf(presets, recipe.name, clusterId);
  const copy = async () => {
    await invoke('desktop.copy', { text: launchLink(props.input(), recipe, clusterName) });
    ui.toast({ tone: 'ok', title: 'The launch link is on the clipboard.' });
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" leftSection={icon(IconBookmark)}>
          Presets
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflow: 'auto' }}>
        {own.map((preset) => (
          <Menu.Item key={preset.id} leftSection={icon(IconBookmark)} onClick={() => props.onChoose(preset)}>
            <span className={`${css.name} truncate`} title={preset.name}>
              {preset.name}
            </span>
            <MenuHint>
              {clusters.find((entry) => entry.cluster.id === preset.input.clusterId)?.cluster.name ??
                'Its cluster was removed'}
            </MenuHint>
          </Menu.Item>
        ))}
        {own.length > 0 && <Menu.Divider />}
        <Menu.Item
          leftSection={icon(IconBookmarkPlus)}
          onClick={() => ui.open({ kind: 'save-preset', input: props.input() })}
        >
          Save as preset
        </Menu.Item>
        {own.length > 0 && (
          <Menu.Item
            leftSection={icon(IconListDetails)}
            onClick={() => ui.open({ kind: 'presets', recipe: recipe.name })}
          >
            Rename or delete presets
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={icon(IconLink)} onClick={() => attempt('The link was not copied', copy())}>
          Copy launch link
          <MenuHint>Opens this form filled in, without secrets</MenuHint>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
