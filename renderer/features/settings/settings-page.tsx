import { Button, SegmentedControl, Switch, TagsInput } from '@mantine/core';
import { IconFolderOpen, IconKeyboard } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ownValue } from '../../../electron/shared/own-value.ts';
import type { Settings } from '../../../electron/shared/state.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { BrandMark } from '../../components/brand-mark.tsx';
import definitions from '../../components/definition-list.module.css';
import { Evidence } from '../../components/evidence.tsx';
import { stroke } from '../../components/icons.tsx';
import { Note } from '../../components/note.tsx';
import { PageBody, PageHead } from '../../components/page.tsx';
import surface from '../../components/surface.module.css';
import { Tile } from '../../components/tile.tsx';
import { useStore } from '../../store.ts';
import { describeKeychainProblem } from '../../text/keychain.ts';
import { ui } from '../../ui-store.ts';
import { SourceList } from '../sources/source-list.tsx';
import css from './settings-page.module.css';

const save = (settings: Partial<Settings>) =>
  void attempt('The setting was not saved', invoke('settings.save', settings));

const versionLabels: Record<string, string> = {
  app: 'Tunel',
  tunel: 'Tunel',
  electron: 'Electron',
  chrome: 'Chromium',
  node: 'Node',
};

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section className={`${surface.card} ${css.section}`} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

function Appearance() {
  const settings = useStore((state) => state.settings);
  return (
    <Section id="set-look" title="Appearance">
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
    </Section>
  );
}

function Keyboard() {
  const settings = useStore((state) => state.settings);
  return (
    <Section id="set-work" title="Keyboard">
      <Switch
        label="Single-key shortcuts on a card: L for the log, E to edit and relaunch"
        checked={settings.singleKeys}
        onChange={(event) => save({ singleKeys: event.currentTarget.checked })}
      />
      <Button
        leftSection={<IconKeyboard size={16} stroke={stroke} aria-hidden />}
        style={{ alignSelf: 'flex-start' }}
        onClick={() => ui.open({ kind: 'help' })}
      >
        All keys
      </Button>
    </Section>
  );
}

function Quitting() {
  const settings = useStore((state) => state.settings);
  return (
    <Section id="set-quit" title="Quitting">
      <Switch
        label="Say which apps keep running"
        checked={settings.askOnQuit}
        onChange={(event) => save({ askOnQuit: event.currentTarget.checked })}
      />
    </Section>
  );
}

function RecipeFolders() {
  const settings = useStore((state) => state.settings);
  return (
    <Section id="set-recipes" title="Recipes">
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
    </Section>
  );
}

function Passwords() {
  const system = useStore((state) => state.system);
  return (
    <Section id="set-secrets" title="Passwords">
      {system.keychain === 'system' ? (
        <Note tone="ok">
          <strong className="bold">In the system keychain.</strong> Passwords you ask Tunel to remember are kept there;
          one-time codes are never kept. {system.keychainReason}
        </Note>
      ) : (
        <>
          <Note tone="wait">
            <strong className="bold">In memory until you quit.</strong>{' '}
            {describeKeychainProblem(system.keychainProblem)} Nothing is ever written to a file.
          </Note>
          {system.keychainReason && (
            <details className="text-sm">
              <summary>Message of the system</summary>
              <Evidence text={system.keychainReason} />
            </details>
          )}
        </>
      )}
    </Section>
  );
}

function Data() {
  const system = useStore((state) => state.system);
  return (
    <Section id="set-data" title="Data">
      <div className="row">
        <code className="mono grow" style={{ overflowWrap: 'anywhere' }}>
          {system.dataDirectory}
        </code>
        <Button
          leftSection={<IconFolderOpen size={16} stroke={stroke} aria-hidden />}
          onClick={() => attempt('The folder did not open', invoke('desktop.showDataDirectory', undefined))}
        >
          Show folder
        </Button>
      </div>
    </Section>
  );
}

function About() {
  const versions = useStore((state) => state.system.versions);
  return (
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
        {Object.entries(versions).map(([name, version]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{ownValue(versionLabels, name) ?? name}</dt>
            <dd>{version}</dd>
          </div>
        ))}
        <dt>Licence</dt>
        <dd>MIT</dd>
      </dl>
    </section>
  );
}

export function SettingsPage() {
  return (
    <>
      <PageHead title="Settings" />
      <PageBody>
        <div className={css.settings}>
          <Appearance />
          <Keyboard />
          <Quitting />
          <RecipeFolders />
          <Passwords />
          <Data />
          <About />
        </div>
      </PageBody>
    </>
  );
}
