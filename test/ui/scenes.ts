import type { ConnectionState } from '../../electron/shared/clusters.ts';
import { launchInputSchema } from '../../electron/shared/instances.ts';
import { siteProfileSchema } from '../../electron/shared/sites.ts';
import type { AppState } from '../../electron/shared/state.ts';
import { toggleMark } from '../../renderer/features/jobs/marked-jobs.ts';
import { editLaunch } from '../../renderer/features/running/launch-again.ts';
import { showCreated, useTokens } from '../../renderer/features/settings/api/tokens-store.ts';
import { openTerminal, resumeTerminal } from '../../renderer/features/terminals/open-terminal.ts';
import { palette } from '../../renderer/palette-store.ts';
import { ui, useUi } from '../../renderer/ui-store.ts';
import { busyState } from '../helpers/fixtures/busy-state.ts';
import { fitsState } from '../helpers/fixtures/fits.ts';
import { jobsState } from '../helpers/fixtures/jobs.ts';
import { endedState, firstState, manyState, oddState } from '../helpers/fixtures/other-states.ts';
import { fixtureConsent, fixtureTokens } from './api-answers.ts';
import { fileScenes } from './file-scenes.ts';
import type { SceneName } from './scene-names.ts';
import { keptTerminals } from './terminal-stream.ts';

export interface Scene {
  state: (now: number) => AppState;
  /** Runs once the page is up, e.g. to open a dialog. */
  after?: () => void;
}

const withTunnels = (now: number): AppState => {
  const route = { kind: 'socket' as const, text: 'port on the login node', refused: [], warning: null };
  return {
    ...busyState(now),
    tunnels: [
      {
        id: 'database',
        clusterId: 'slurm',
        target: { node: '', socket: '/home/user01/projects/genomics/postgres/.s.PGSQL.5432' },
        local: { kind: 'socket', path: '/run/user/1000/tunel-Xk31ab/s' },
        route: { ...route, text: 'socket on the login node' },
        openedAt: now,
      },
      {
        id: 'metrics',
        clusterId: 'pool',
        target: { node: 'c17', port: 9090 },
        local: { kind: 'port', port: 41_907 },
        route: {
          ...route,
          kind: 'port',
          text: 'port of c17 from the login node',
          warning: "Others on the cluster can reach port 9090 of c17; only the app's own password protects it.",
        },
        openedAt: now,
      },
    ],
  };
};

const forbidding = siteProfileSchema.parse({
  site: 'Genomics facility',
  api: 'forbidden',
  apiMessage: 'No automated access to login.genomics.example',
});

/** Two clusters that programs may use, and one where the site forbids it. */
const withApi = (now: number): AppState => {
  const state = busyState(now);
  const enabled = ['slurm', 'pool'];
  return {
    ...state,
    settings: { ...state.settings, apiPort: 0 },
    clusters: state.clusters.map((entry) => ({
      ...entry,
      cluster: {
        ...entry.cluster,
        allowsApi: enabled.includes(entry.cluster.id),
        ...(entry.cluster.id === 'genomics' && { site: forbidding }),
      },
    })),
  };
};

const prompt = { id: 'p1', clusterId: 'slurm', clusterName: 'slurm', askedAt: 0 };

const withView =
  (change: (state: AppState) => void = () => {}) =>
  (now: number) => {
    const state = busyState(now);
    const view = (instanceId: string, title: string) => ({
      id: instanceId,
      instanceId,
      title,
      canGoBack: true,
      canGoForward: false,
      loading: false,
      painted: true,
      zoom: 1,
      find: null,
      detached: false,
      error: null,
    });
    state.views = {
      list: [view('aaaaaaaaaa', 'folding-analysis'), view('bbbbbbbbbb', 'RStudio')],
      selected: 'aaaaaaaaaa',
      fullScreen: false,
    };
    change(state);
    return state;
  };

/** A running app of a folder that is watched. */
const withFolder = (now: number): AppState => {
  const state = busyState(now);
  const [first] = state.instances;
  if (!first) return state;
  const recipe = 'folders/wave-viewer-3f2a1b';
  const start = { kind: 'flask' as const, line: 'python3 -m flask --app app run', listen: 'socket' as const };
  const numbers = { files: 41, bytes: 19_106, sentFiles: 1, sentBytes: 312, keptFiles: 0, removedFiles: 0 };
  state.instances = [{ ...first, title: 'Wave viewer', recipe, icon: 'flask' }, ...state.instances.slice(1)];
  state.folders = [
    {
      folder: {
        id: 'wave-viewer-3f2a1b',
        title: 'Wave viewer',
        source: { kind: 'folder', path: '/home/user01/wave-viewer' },
        start: { ...start, environment: { kind: 'none', files: [] } },
        createdAt: now,
      },
      recipe,
      reports: [{ clusterId: first.clusterId, at: now, ...numbers, text: 'sent 1 file, 312 bytes, of 41 files' }],
      progress: null,
      watched: [first.id],
      problem: null,
    },
  ];
  return state;
};

export const scenes: Record<SceneName, Scene> = {
  running: { state: busyState, after: () => ui.toggleLog('cccccccccc') },
  'running-odd': { state: oddState },
  'running-many': { state: manyState },
  'running-older': {
    state: endedState,
    after: () =>
      clickAll(
        ['[role="feed"] + div button', '[role="feed"] + div + div button', '[role="feed"][aria-label="Older apps"]'],
        () => document.querySelector('[aria-label="Older apps"]')?.scrollIntoView(),
      ),
  },
  'running-reach': {
    state: oddState,
    after: () =>
      clickAll([
        '[aria-label="Dash app"] [aria-label^="Who can reach this?"]',
        '[role="dialog"] [aria-expanded="false"]',
      ]),
  },
  'running-lost': {
    state: (now) => {
      const state = busyState(now);
      const [first] = state.instances;
      if (!first) return state;
      const lost = state.clusters.map(({ cluster }, index) => ({
        ...first,
        state: 'reconnecting' as const,
        id: `lost00000${index}`,
        title: `${first.title} ${index + 1}`,
        clusterId: cluster.id,
        clusterName: cluster.name,
        createdAt: now - index,
      }));
      const states: readonly ConnectionState[] = [
        'sign-in-needed',
        'reconnecting',
        'key-changed',
        'unreachable',
        'disconnected',
      ];
      const clusters = state.clusters.map((entry, index) => ({
        ...entry,
        connection: { ...entry.connection, state: states[index] ?? entry.connection.state, error: null },
      }));
      return { ...state, instances: lost, clusters };
    },
  },
  jobs: { state: jobsState, after: () => ui.go('jobs') },
  'jobs-empty': { state: busyState, after: () => ui.go('jobs') },
  'jobs-many': { state: jobsState, after: () => ui.go('jobs') },
  'job-new': {
    state: jobsState,
    after: () => {
      ui.go('jobs');
      ui.newJob();
    },
  },
  'job-compose': {
    state: jobsState,
    after: () => {
      const first = jobsState(Date.now()).jobs.find(({ launcher }) => launcher === 'slurm');
      if (!first) throw new TypeError('There is no job for Slurm.');
      const script = '#!/bin/bash\n#SBATCH --time=400-0 --tiem=1\n# mine\nsrun "$HOME/fit" --steps 3\n';
      ui.compose({ kind: 'copy', job: { ...first, script } });
    },
  },
  'job-draft': { state: jobsState, after: () => ui.showJob('draft00000') },
  'job-held': { state: jobsState, after: () => ui.showJob('held000000') },
  'job-never-begins': { state: jobsState, after: () => ui.showJob('never00000') },
  'job-templates': {
    state: jobsState,
    after: () => {
      ui.go('jobs');
      ui.open({ kind: 'templates' });
    },
  },
  'job-array': { state: jobsState, after: () => ui.showJob('array00000') },
  'job-tasks': {
    state: jobsState,
    after: () => {
      ui.showJob('array00000');
      clickAll(['[role="tab"]:nth-last-child(2)']);
    },
  },
  'jobs-compare': {
    state: jobsState,
    after: () => {
      ui.go('jobs');
      for (const id of ['done000000', 'failed0000']) toggleMark(id);
      ui.open({ kind: 'compare-jobs', first: 'done000000', second: 'failed0000' });
    },
  },
  'job-away': { state: jobsState, after: () => ui.showJob('far0000000') },
  'job-failed': { state: jobsState, after: () => ui.showJob('failed0000') },
  'job-fit': { state: fitsState, after: () => ui.showJob('fitting000') },
  'job-fit-stopped': { state: fitsState, after: () => ui.showJob('fitted0000') },
  'job-files': {
    state: jobsState,
    after: () => {
      ui.showJob('done000000');
      clickAll(['tbody tr:last-child button']);
    },
  },
  'job-picture': {
    state: jobsState,
    after: () => {
      ui.showJob('partly0000');
      clickAll(['tbody tr:nth-child(2) button']);
    },
  },
  'job-script': {
    state: jobsState,
    after: () => {
      ui.showJob('done000000');
      clickAll(['[role="tab"]:last-child']);
    },
  },
  ...fileScenes,
  'job-missing': { state: jobsState, after: () => ui.showJob('nothing000') },
  palette: { state: busyState, after: () => palette.open() },
  first: { state: firstState },
  recipes: { state: busyState, after: () => ui.go('recipes') },
  clusters: { state: busyState, after: () => ui.go('clusters') },
  settings: { state: busyState, after: () => ui.go('settings') },
  'settings-memory': {
    state: (now) => {
      const state = busyState(now);
      state.system = {
        ...state.system,
        keychain: 'memory',
        keychainProblem: 'service-missing',
        keychainReason:
          'Cannot spawn a message bus without a machine-id: Unable to autolaunch a dbus-daemon without a $DISPLAY for X11',
      };
      return state;
    },
    after: () => ui.showSettings('passwords'),
  },
  'settings-recipes': { state: busyState, after: () => ui.showSettings('recipes') },
  'settings-search': {
    state: (now) => {
      const state = busyState(now);
      return { ...state, settings: { ...state.settings, singleKeys: false } };
    },
    after: () => {
      ui.go('settings');
      typeInto('[data-search]', 'key');
    },
  },
  'settings-api': {
    state: withApi,
    after: () => {
      ui.showSettings('api');
      const [token] = fixtureTokens(Date.now());
      if (token) showCreated({ token, text: `tnl_9f27ab51c0de_${'k7Qm4xV2'.repeat(5)}abc` });
    },
  },
  'settings-api-empty': {
    state: (now) => ({ ...busyState(now), clusters: [] }),
    after: () => ui.showSettings('api'),
  },
  'settings-audit': {
    state: withApi,
    after: () => {
      ui.showSettings('audit');
      clickAll(['[aria-label="Audit log"] tbody button']);
    },
  },
  'settings-audit-failed': { state: busyState, after: () => ui.showSettings('audit') },
  'token-dialog': {
    state: withApi,
    after: () => {
      ui.showSettings('api');
      ui.open({ kind: 'token' });
      clickAll(['[role="dialog"] [type="submit"]']);
    },
  },
  'token-limits': {
    state: withApi,
    after: () => {
      ui.showSettings('api');
      useTokens.setState({ tokens: fixtureTokens(Date.now()) });
      ui.open({ kind: 'token-limits', id: 'a2' });
    },
  },
  consent: { state: (now) => ({ ...withApi(now), consents: [fixtureConsent(now)] }) },
  banners: {
    state: (now) => {
      const state = busyState(now);
      state.system = {
        ...state.system,
        engine: 'restarting',
        notices: [
          {
            id: 'n1',
            code: 'file-kept',
            values: {},
            kind: 'warning',
            title: 'Settings could not be read',
            text: 'settings.json could not be read; it is kept as settings.json.broken-1 and the app starts with defaults.',
          },
        ],
      };
      return state;
    },
  },
  launch: { state: busyState, after: () => ui.launch('jupyter') },
  'launch-login': { state: busyState, after: () => ui.launch('jupyter', { clusterId: 'demo' }) },
  'launch-batch': {
    state: (now) => {
      const state = busyState(now);
      const pool = state.clusters.find((entry) => entry.cluster.id === 'pool');
      if (pool) pool.cluster.defaults = { ...pool.cluster.defaults, launcher: 'lsf' };
      return state;
    },
    after: () =>
      ui.launch('sweep', {
        clusterId: 'pool',
        recipe: 'sweep',
        resources: {
          ...launchInputSchema.shape.resources.parse({}),
          array: '1-100%5x',
          options: ['-R "select[avx2]"'],
        },
      }),
  },
  'launch-misfit': {
    state: (now) => {
      const state = busyState(now);
      const [jupyter] = state.recipes.list;
      if (jupyter) {
        const unknown = ['conda_env', 'TOKEN_FILE'].map((name) => ({
          name,
          description: 'Used by the script; the recipe says nothing about it.',
          undeclared: true as const,
        }));
        state.recipes.list = [{ ...jupyter, args: [...jupyter.args, ...unknown] }, ...state.recipes.list.slice(1)];
      }
      return state;
    },
    after: () =>
      editLaunch(
        launchInputSchema.parse({
          clusterId: 'slurm',
          recipe: 'jupyter',
          args: { interface: 'classic', kernels: 500, conda_env: 'plots' },
        }),
      ),
  },
  'cluster-add': { state: busyState, after: () => open('cluster', null) },
  'cluster-edit': { state: busyState, after: () => open('cluster', 'genomics') },
  'cluster-advanced': {
    state: busyState,
    after: () => {
      open('cluster', 'genomics');
      clickAll(['[role="dialog"] .mantine-Accordion-control']);
    },
  },
  editor: {
    state: busyState,
    after: () => {
      ui.go('clusters');
      ui.open({ kind: 'editor', host: 'tunel-genomics', title: 'genomics', clusterId: 'genomics' });
    },
  },
  help: { state: busyState, after: () => ui.open({ kind: 'help' }) },
  'context-menu': {
    state: busyState,
    after: () => ui.openContextMenu({ kind: 'app', id: 'aaaaaaaaaa', x: 300, y: 160 }),
  },
  site: {
    state: busyState,
    after: () => {
      ui.go('clusters');
      ui.open({ kind: 'site', id: 'slurm' });
      clickAll(['[role="dialog"] input[placeholder="Choose one"]', '[role="option"]']);
    },
  },
  source: {
    state: busyState,
    after: () => {
      ui.go('settings');
      ui.open({ kind: 'source', id: 'lab-recipes-1a2b3c' });
      clickAll(['[role="dialog"] button[type="submit"]']);
    },
  },
  folder: {
    state: busyState,
    after: () => {
      ui.go('recipes');
      ui.open({ kind: 'folder' });
      clickAll(['[role="dialog"] form .mantine-Button-root']);
    },
  },
  'folder-running': { state: withFolder },
  'key-changed': {
    state: (now) => {
      const state = busyState(now);
      const slurm = state.clusters[0]!;
      slurm.connection = {
        ...slurm.connection,
        state: 'key-changed',
        error: {
          code: 'host-key-changed',
          message: 'login.slurm.example shows another host key than the one in known_hosts.',
          hint: 'If the cluster was reinstalled, remove the old key with `ssh-keygen -R login.slurm.example` and connect again.',
          hintValues: { fingerprint: 'SHA256:Lm4Rx9Ub2QwEz7Tn0KsVc6HyPj1DgFa8IoX5ZtNqB3e' },
          action: { kind: 'copy-command', text: 'ssh-keygen -R login.slurm.example' },
          detail: 'shown SHA256:Zc0HnW5yTj8LrK2vP6xU1aDgM4eSb7QfXo3IiRtNw9E',
        },
      };
      return state;
    },
    after: () => {
      ui.go('clusters');
      ui.open({ kind: 'key-changed', id: 'slurm' });
    },
  },
  terminal: {
    state: busyState,
    after: () => {
      openTerminal('pool', { clusterId: 'pool' });
      openTerminal('slurm', { clusterId: 'slurm' });
    },
  },
  'terminal-search': {
    state: busyState,
    after: () => {
      openTerminal('slurm', { clusterId: 'slurm' });
      openTerminal('slurm', { clusterId: 'slurm' });
      clickAll(['[aria-label="Search in the terminal"][aria-expanded="false"]']);
    },
  },
  'terminal-kept': { state: busyState, after: () => ui.go('terminals') },
  'terminal-kept-taken': {
    state: busyState,
    after: () => {
      const [kept] = keptTerminals;
      if (kept) resumeTerminal(kept);
    },
  },
  'terminal-not-kept': { state: busyState, after: () => openTerminal('demo', { clusterId: 'slurm' }) },
  'terminal-close': {
    state: busyState,
    after: () => {
      openTerminal('demo', { clusterId: 'slurm' });
      clickAll(['[role="status"] button', '[aria-label="Close the terminal on demo"]']);
    },
  },
  'terminal-ended': { state: busyState, after: () => openTerminal('pool', { clusterId: 'pool' }) },
  'terminal-failed': { state: busyState, after: () => openTerminal('RStudio', { appId: 'bbbbbbbbbb' }) },
  tunnels: { state: withTunnels, after: () => ui.go('tunnels') },
  'tunnels-empty': { state: busyState, after: () => ui.go('tunnels') },
  'tunnel-dialog': {
    state: withTunnels,
    after: () => {
      ui.go('tunnels');
      ui.open({ kind: 'tunnel' });
      clickAll(['[role="dialog"] input[type="radio"][value="port"]:not(:checked)', '[role="dialog"] [type="submit"]']);
    },
  },
  'prompt-secret': {
    state: (now) => ({
      ...busyState(now),
      prompts: [
        {
          ...prompt,
          kind: 'secret',
          secret: 'password',
          subject: 'user01@login.slurm.example',
          wrong: 1,
          canRemember: true,
        },
      ],
    }),
  },
  'prompt-2fa': {
    state: (now) => ({
      ...busyState(now),
      prompts: [
        {
          ...prompt,
          kind: 'interactive',
          subject: 'user01@login.slurm.example',
          name: '',
          instructions:
            'Two-factor login for user01\n\nEnter a passcode or select one of the following options:\n\n 1. Push to phone ending 4821\n 2. Phone call to ending 4821\n 3. Text message codes to ending 4821\n',
          fields: [{ text: 'Passcode or option (1-3): ', echo: true }],
          options: [
            { reply: '1', label: 'Push to phone ending 4821' },
            { reply: '2', label: 'Phone call to ending 4821' },
            { reply: '3', label: 'Text message codes to ending 4821' },
          ],
          round: 2,
          wrong: 0,
        },
      ],
    }),
  },
  'prompt-approval': {
    state: (now) => ({
      ...busyState(now),
      prompts: [
        {
          ...prompt,
          kind: 'approval',
          hop: { role: 'jump', host: 'gate.slurm.example' },
          subject: 'user01@gate.slurm.example',
          option: 'Push to phone ending 4821',
        },
      ],
    }),
  },
  'prompt-hostkey': {
    state: (now) => ({
      ...busyState(now),
      prompts: [
        {
          ...prompt,
          kind: 'host-key',
          host: 'hpc.example',
          port: 22,
          keyType: 'ssh-ed25519',
          fingerprint: 'SHA256:Lm4Rx9Ub2QwEz7Tn0KsVc6HyPj1DgFa8IoX5ZtNqB3e',
          jump: true,
        },
      ],
    }),
  },
  'prompt-authority': {
    state: (now) => ({
      ...busyState(now),
      prompts: [
        {
          ...prompt,
          kind: 'host-key',
          host: 'login.slurm.example',
          port: 22,
          keyType: 'ssh-ed25519',
          fingerprint: 'SHA256:Lm4Rx9Ub2QwEz7Tn0KsVc6HyPj1DgFa8IoX5ZtNqB3e',
          jump: false,
          authority: { file: '/etc/ssh/ssh_known_hosts', line: 3 },
        },
      ],
    }),
  },
  'prompt-jump': {
    state: (now) => ({
      ...busyState(now),
      prompts: [
        {
          ...prompt,
          kind: 'secret',
          secret: 'password',
          subject: 'user01@gate.slurm.example',
          hop: { role: 'jump', host: 'gate.slurm.example' },
          wrong: 0,
          canRemember: true,
        },
      ],
    }),
  },
  view: { state: withView() },
  'view-shared': {
    state: (now) =>
      withView((state) => {
        state.instances = oddState(now).instances;
        state.views.list[0]!.id = 'port000000';
        state.views.list[0]!.instanceId = 'port000000';
        state.views.selected = 'port000000';
      })(now),
    after: () => clickAll(['[data-region="toolbar"] [aria-haspopup="dialog"]']),
  },
  'view-find': {
    state: withView((state) => {
      state.views.list[0]!.find = { text: 'epoch', active: 1, total: 4 };
    }),
    after: () => useUi.setState({ findOpen: true, viewLogOpen: true }),
  },
  'view-reconnecting': {
    state: (now) =>
      withView((state) => {
        state.instances = state.instances.map((instance) =>
          instance.id === 'aaaaaaaaaa' ? { ...instance, state: 'reconnecting' } : instance,
        );
        state.clusters[0]!.connection = {
          state: 'reconnecting',
          since: now - 21_000,
          roundTrip: null,
          attempt: 2,
          nextTryAt: now + 8000,
          error: null,
        };
      })(now),
  },
  'view-waiting': {
    state: withView((state) => {
      state.views.selected = 'bbbbbbbbbb';
    }),
  },
  'view-loading': {
    state: withView((state) => {
      state.views.list[0]!.painted = false;
    }),
  },
  'view-consent': {
    state: (now) => {
      const state = withView()(now);
      const next = { ...fixtureConsent(now), id: 'c2', tokenName: 'editor-agent', kind: 'write' as const };
      return { ...state, consents: [fixtureConsent(now), next] };
    },
  },
  'view-detached': {
    state: withView((state) => {
      state.views.list[0]!.detached = true;
    }),
  },
};

/** Types into a field once it is there, as React hears it. */
function typeInto(selector: string, text: string) {
  const field = document.querySelector<HTMLInputElement>(selector);
  if (!field) return void requestAnimationFrame(() => typeInto(selector, text));
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

function open(kind: 'cluster', id: string | null) {
  ui.go('clusters');
  ui.open({ kind, id });
}

/** Clicks one thing after the other, each once it is there. */
function clickAll(selectors: string[], then = () => {}) {
  const [first, ...rest] = selectors;
  if (first === undefined) return then();
  const found = document.querySelector<HTMLElement>(first);
  if (!found) return void requestAnimationFrame(() => clickAll(selectors, then));
  found.click();
  requestAnimationFrame(() => clickAll(rest, then));
}
