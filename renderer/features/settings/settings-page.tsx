import { Button, SegmentedControl, Switch, TagsInput } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import type { Settings } from '../../../electron/shared/state.ts';
import { actions, attempt } from '../../actions.ts';
import { BrandMark } from '../../components/brand-mark.tsx';
import definitions from '../../components/definition-list.module.css';
import { Evidence } from '../../components/evidence.tsx';
import { stroke } from '../../components/icons.tsx';
import { Note } from '../../components/note.tsx';
import { PageBody, PageHead } from '../../components/page.tsx';
import surface from '../../components/surface.module.css';
import { Tile } from '../../components/tile.tsx';
import { useStore } from '../../store.ts';
import { keychainWords } from '../../words/keychain.ts';
import { SourceList } from '../sources/source-list.tsx';
import css from './settings-page.module.css';

const save = (settings: Partial<Settings>) => void attempt('The setting was not saved', actions.saveSettings(settings));

const versionWords: Record<string, string> = {
  app: 'Tunel',
  tunel: 'Tunel',
  electron: 'Electron',
  chrome: 'Chromium',
  node: 'Node',
};

export function SettingsPage() {
  const settings = useStore((state) => state.settings);
  const system = useStore((state) => state.system);
  const versions = Object.entries(system.versions);
  return (
    <>
      <PageHead title="Settings" />
      <PageBody>
        <div className={css.settings}>
          <section className={`${surface.card} ${css.section}`} aria-labelledby="set-look">
            <h2 id="set-look">Appearance</h2>
            <div className="row wrap">
              <span className="grow">Theme</span>
              <SegmentedControl
                aria-label="Theme"
                value={settings.theme}
                onChange={(value) => save({ theme: value as Settings['theme'] })}
                data={[
                  { value: 'system', label: 'Match system' },
                  { value: 'light', label: 'Light' },
                  { value: 'dark', label: 'Dark' },
                ]}
              />
            </div>
          </section>
          <section className={`${surface.card} ${css.section}`} aria-labelledby="set-work">
            <h2 id="set-work">Keyboard</h2>
            <Switch
              label="Single-key shortcuts on a card: L for the log, E to edit and relaunch"
              checked={settings.singleKeys}
              onChange={(event) => save({ singleKeys: event.currentTarget.checked })}
            />
          </section>
          <section className={`${surface.card} ${css.section}`} aria-labelledby="set-recipes">
            <h2 id="set-recipes">Recipes</h2>
            <TagsInput
              label="Folders with your own recipes"
              description="The first folder that has a recipe wins over the later ones and over the shipped recipes. Enter adds a folder."
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              placeholder={settings.recipeFolders.length === 0 ? '/home/you/recipes' : 'Add a folder'}
              maxTags={20}
              value={settings.recipeFolders}
              onChange={(recipeFolders) => save({ recipeFolders })}
              splitChars={['\n']}
              clearable={false}
            />
            <SourceList />
          </section>
          <section className={`${surface.card} ${css.section}`} aria-labelledby="set-secrets">
            <h2 id="set-secrets">Passwords</h2>
            {system.keychain === 'system' ? (
              <Note tone="ok">
                <strong className="bold">In the system keychain.</strong> Passwords you ask Tunel to remember are kept
                there; one-time codes are never kept. {system.keychainReason}
              </Note>
            ) : (
              <>
                <Note tone="wait">
                  <strong className="bold">In memory until you quit.</strong> {keychainWords(system.keychainReason)}{' '}
                  Nothing is ever written to a file.
                </Note>
                {system.keychainReason && (
                  <details className="text-sm">
                    <summary>Message of the system</summary>
                    <Evidence text={system.keychainReason} />
                  </details>
                )}
              </>
            )}
          </section>
          <section className={`${surface.card} ${css.section}`} aria-labelledby="set-data">
            <h2 id="set-data">Data</h2>
            <div className="row">
              <code className="mono grow" style={{ overflowWrap: 'anywhere' }}>
                {system.dataDirectory}
              </code>
              <Button
                leftSection={<IconFolderOpen size={16} stroke={stroke} aria-hidden />}
                onClick={() => attempt('The folder did not open', actions.showDataDirectory())}
              >
                Show folder
              </Button>
            </div>
          </section>
          <section className={`${surface.card} ${css.section}`} aria-labelledby="set-about">
            <div className="row gap-12">
              <Tile>
                <BrandMark size={20} />
              </Tile>
              <div>
                <h2 id="set-about">About Tunel</h2>
                <div className="text-sm text-tertiary">Apps that run on a cluster, on your desk</div>
              </div>
            </div>
            <dl className={`${definitions.list} tabular`}>
              {versions.map(([name, version]) => (
                <div key={name} style={{ display: 'contents' }}>
                  <dt>{versionWords[name] ?? name}</dt>
                  <dd>{version}</dd>
                </div>
              ))}
              <dt>Licence</dt>
              <dd>MIT</dd>
            </dl>
          </section>
        </div>
      </PageBody>
    </>
  );
}
