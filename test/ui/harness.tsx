import type { FolderSource } from '../../electron/shared/folders.ts';
import '../../renderer/zod-setup.ts';
import type { RequestInput } from '../../electron/shared/contract/index.ts';
import { AppError } from '../../electron/shared/errors.ts';
import { siteProfileSchema } from '../../electron/shared/sites.ts';
import { tokenSchema } from '../../electron/shared/tokens.ts';
import { manyJobs } from '../helpers/fixtures/jobs.ts';
import { olderApps } from '../helpers/fixtures/other-states.ts';
import { fixtureSite } from '../helpers/fixtures/parts.ts';
import { answerAudit, fixtureCalls, fixtureTokens } from './api-answers.ts';
import { fakeBridge } from './fake-bridge.ts';
import { answerEntries, answerFile, fileAnswers } from './file-answers.ts';
import { answerHistory } from './history-answer.ts';
import { answerJobFile, jobAnswers } from './job-answers.ts';
import { type Scene, scenes } from './scenes.ts';
import { sourceReview } from './source-review.ts';
import { answerAttach, answerTerminal, keptTerminals } from './terminal-stream.ts';

/** A UI fixture, never part of the product: the real renderer over invented state. `?scene=NAME&theme=dark`. */

const query = new URLSearchParams(location.search);
const name = query.get('scene') ?? 'running';
const scene: Scene | undefined = (scenes as Record<string, Scene>)[name];
if (!scene) throw new Error(`No scene ${name}. There are: ${Object.keys(scenes).join(', ')}`);
const state = scene.state(Date.now());
const older = olderApps(Date.now());
const olderJobs = name === 'jobs-many' ? manyJobs(Date.now(), 10_000) : [];
const theme = query.get('theme');
if (theme === 'light' || theme === 'dark') state.settings = { ...state.settings, theme };

const picture = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720"><rect width="1280" height="720" fill="#fff"/><text x="60" y="80" font-size="28" font-family="sans-serif" fill="#333">The page of the app</text></svg>',
)}`;

const script = `#!/bin/bash
#SBATCH --job-name=jupyter
#SBATCH --partition=normal
#SBATCH --time=04:00:00
#SBATCH --cpus-per-task=4
#SBATCH --mem=16384M
umask 077
module load python/3.11.8 jupyter/4.2

# a socket only you can open, no port
exec jupyter lab --no-browser --ServerApp.sock="$SOCKET"
`;

const audit = fixtureCalls(Date.now(), 10_000);

const fake = fakeBridge(
  state,
  {
    'instances.log': ({ id }: { id: string }) => {
      const text = state.instances.find((instance) => instance.id === id)?.logTail ?? '';
      return { text, offset: 0, next: text.length, size: text.length };
    },
    ...jobAnswers(state.jobs, olderJobs),
    ...fileAnswers,
    'instances.launch': () => ({ id: 'launched00' }),
    'history.query': (query: unknown) => answerHistory([...state.instances, ...older], query),
    'history.recipeUse': () => ({
      recipes: [
        { recipe: 'jupyter', times: 41, lastAt: Date.now() },
        { recipe: 'flask', times: 2, lastAt: Date.now() - 86_400_000 },
      ],
    }),
    'history.get': ({ id }: { id: string }) => {
      const found = [...state.instances, ...older].find((instance) => instance.id === id);
      if (found) return found;
      throw new Error(JSON.stringify(new AppError('not-found', 'There is no such app.').serialize()));
    },
    'clusters.sshConfigHosts': () =>
      ['hpc-login', 'hpc-gpu', 'ge-cluster', 'archive-and-transfer-node', 'lab-box'].map((alias) => ({
        alias,
        file: '~/.ssh/config',
      })),
    'clusters.resolveSshConfig': ({ alias }: { alias: string }) => ({
      input: {
        name: alias,
        host: `${alias}.example`,
        port: 22,
        user: 'user01',
        jumps: [{ host: 'gate.example', port: 22, user: 'user01' }],
      },
      unsupported:
        alias === 'ge-cluster' ? ['GSSAPIAuthentication: this app signs in with keys or passwords instead.'] : [],
    }),
    'sites.list': () => [
      { name: 'slurm-generic', profile: fixtureSite },
      { name: 'condor-pool', profile: siteProfileSchema.parse({ site: 'An HTCondor pool without a shared home' }) },
    ],
    'desktop.editors': () => ['vscode', 'positron'],
    'proxies.sshInclude': () => ({
      configFile: '/home/user01/.ssh/config',
      line: 'Include "/home/user01/.config/Tunel/ssh/config"',
      isIncluded: false,
      file: '/home/user01/.config/Tunel/ssh/config',
      text: 'Host tunel-genomics\n  User user01\n',
      hosts: [{ name: 'tunel-genomics', user: 'user01', title: 'genomics' }],
    }),
    'desktop.choosePath': () => ({ path: '/home/user01/wave-viewer' }),
    'folders.inspect': ({ source }: { source: FolderSource }) => ({
      source,
      title: 'wave-viewer',
      recognition: {
        kind: 'flask',
        line: 'FLASK_APP=app:app python3 -m flask run --host "unix://$TUNEL_SOCKET"',
        environment: { kind: 'venv', files: ['requirements.txt'] },
        listen: 'socket',
        confidence: 'sure',
        why: ['app.py imports Flask', 'the app is app:app'],
      },
      candidates: [
        {
          kind: 'static',
          line: 'python3 "$TUNEL_DIR/files/serve_static.py"',
          environment: { kind: 'none', files: [] },
          listen: 'socket',
          confidence: 'guess',
          why: ['index.html is there'],
        },
      ],
      files: 41,
      bytes: 19_106,
      left: [
        { name: '.venv/', why: 'ignored' },
        { name: 'data/raw', why: 'a link that leads out of the folder' },
      ],
      leftMore: 0,
    }),
    'sources.review': () => sourceReview,
    'sites.read': ({ source }: { source: string }) => ({
      profile: fixtureSite,
      source: source.includes('/') ? source : `shipped: ${source}`,
      review: [
        'It replaces the profile Riverside computing centre.',
        'Launcher: slurm.',
        'Runtime: apptainer.',
        'Queues offered, the usual one first: normal; gpu (at most 720 min); highmem.',
        'Modules loaded in every launch: site-env/2026.',
        'Routes to a running app that are not tried: port.',
        'The scheduler is asked at most every 10 s.',
      ],
    }),
    'terminals.list': ({ clusterId }: { clusterId: string }) =>
      name.startsWith('terminal-kept') ? keptTerminals.filter((each) => each.clusterId === clusterId) : [],
    'clusters.usage': () => ({ sessionsStarted: 14, commandsRun: 212, cpuSeconds: 3.4 }),
    'clusters.save': () => ({ id: 'pool' }),
    'clusters.test': () => ({
      roundTrip: 31,
      loginNode: 'login2',
      launchers: [{ name: 'slurm', version: '24.11.5', queues: [{}, {}, {}], accounts: [] }],
      socketForwarding: true,
      portForwarding: true,
      homeFree: 44e9,
      homeTotal: 50e9,
    }),
    'engine.status': () => ({ loopback: { port: 43_117, error: null } }),
    'tokens.list': () => (name === 'settings-api-empty' ? [] : fixtureTokens(Date.now())),
    'tokens.create': ({ name: given, scopes }: RequestInput<'tokens.create'>) => ({
      token: tokenSchema.parse({ ...fixtureTokens(Date.now())[0], id: 'b1', name: given, scopes }),
      text: `tnl_b1b1b1b1b1b1_${'x'.repeat(43)}`,
    }),
    'audit.query': (query: unknown) => {
      if (name === 'settings-audit-failed')
        throw new Error(JSON.stringify(new AppError('storage', 'The history is locked.').serialize()));
      return answerAudit(audit, query);
    },
    'desktop.exportAudit': () => ({ path: '/home/user01/Downloads/tunel-audit-2026-11-30.csv', calls: 2318 }),
    'recipes.preview': () => ({ script, submit: 'sbatch --parsable script', launcher: 'slurm' }),
    'views.cover': ({ covered }: { covered: boolean }) => ({ picture: covered ? picture : null }),
    'clusters.disconnect': () => {
      throw new Error(
        JSON.stringify(
          new AppError('timeout', 'slurm did not answer within 10 s.', { hint: 'Try again.' }).serialize(),
        ),
      );
    },
  },
  (streamName, input, say) => {
    if (streamName === 'terminals.open') answerTerminal(input, say);
    else if (streamName === 'terminals.attach') answerAttach(say);
    else if (streamName === 'files.entries') answerEntries(say);
    else if (streamName === 'files.download') void answerFile(input, say);
    else answerJobFile(input, say);
  },
);
/** Long names everywhere, while the page is up. */
const rename = (name: string) =>
  fake.change({
    instances: state.instances.map((instance) => ({ ...instance, title: name, clusterName: name })),
    jobs: state.jobs.map((job) => ({ ...job, name, clusterName: name })),
    clusters: state.clusters.map((entry) => ({
      ...entry,
      cluster: { ...entry.cluster, name, site: entry.cluster.site && { ...entry.cluster.site, site: name } },
    })),
    recipes: { ...state.recipes, list: state.recipes.list.map((recipe) => ({ ...recipe, title: name })) },
  });
/** Another call of a program, newer than all. */
const addCall = () => {
  const [newest] = audit;
  if (newest) audit.unshift({ ...newest, id: newest.id + 1, at: Date.now() });
};
Object.assign(window, { tunel: fake.bridge, fixture: { ...fake, rename, addCall } });

await import('../../renderer/main.tsx');
const { useStore } = await import('../../renderer/store.ts');
useStore.setState({ views: state.views });
const ready = () => {
  scene.after?.();
  document.documentElement.dataset.fixture = 'ready';
};
if (useStore.getState().loaded) ready();
else {
  const stop = useStore.subscribe((now) => {
    if (!now.loaded) return;
    stop();
    ready();
  });
}
