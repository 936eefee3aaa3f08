import type { ClusterState } from '../../electron/shared/clusters.ts';
import { clusterInputSchema } from '../../electron/shared/clusters.ts';
import { type Instance, type JobStatus, launchInputSchema, stepNames } from '../../electron/shared/instances.ts';
import type { RecipeSummary } from '../../electron/shared/recipes.ts';
import { type AppState, emptyState } from '../../electron/shared/state.ts';

/** A UI fixture: invented states for looking at screens, never a stand-in for the engine in an integration test. */

const minute = 60_000;

export function fixtureCluster(over: Partial<ClusterState['cluster']> & { id: string; name: string }): ClusterState {
  return {
    cluster: {
      ...clusterInputSchema.parse({ name: over.name, host: 'login.slurm.example', user: 'user01' }),
      createdAt: 0,
      demo: false,
      site: null,
      ...over,
    },
    connection: { state: 'disconnected', since: 0, roundTrip: null, attempt: 0, nextTryAt: null, error: null },
    facts: null,
    rememberedSecrets: 0,
  };
}

const queue = (name: string, cpusFree: number, cpusTotal: number, over: object = {}) => ({
  name,
  isDefault: name === 'normal',
  state: 'up',
  maxSeconds: 86_400,
  defaultSeconds: 3600,
  cpusPerNode: 32,
  memoryPerNode: 256_000,
  gpusPerNode: 0,
  gpuTypes: [],
  nodes: 4,
  cpusTotal,
  cpusFree,
  ...over,
});

export function fixtureJob(over: Partial<JobStatus>): JobStatus {
  return {
    id: '48213',
    state: 'running',
    nativeState: 'RUNNING',
    reason: '',
    node: '',
    queue: 'normal',
    submittedAt: null,
    startsAt: null,
    startedAt: null,
    endedAt: null,
    endsAt: null,
    exitCode: null,
    signal: null,
    heldBy: '',
    tasks: null,
    ...over,
  };
}

export function fixtureSteps(now: number, at: number, startedAgo: number, took = 400): Instance['steps'] {
  return stepNames
    .filter((name) => name !== 'image')
    .map((name, index) => ({
      name,
      state: index < at ? ('done' as const) : index === at ? ('now' as const) : ('todo' as const),
      startedAt: index < at ? now - 20 * minute : index === at ? now - startedAgo : null,
      endedAt: index < at ? now - 20 * minute + took : null,
    }));
}

export function fixtureInstance(over: Partial<Instance> & { id: string; title: string }): Instance {
  const clusterId = over.clusterId ?? 'slurm';
  return {
    clusterId,
    clusterName: clusterId,
    recipe: 'jupyter',
    icon: 'notebook',
    launcher: 'slurm',
    runtime: 'native',
    progress: null,
    exposure: null,
    state: 'ready',
    steps: [],
    createdAt: 0,
    endedAt: null,
    job: null,
    endpoint: null,
    route: null,
    path: '/lab',
    error: null,
    logTail: '',
    directory: `~/.tunel/${over.id}`,
    input: launchInputSchema.parse({
      clusterId,
      recipe: 'jupyter',
      resources: { cpus: 4, memory: 16_384, time: 240, queue: 'normal' },
    }),
    ...over,
  };
}

const recipe = (name: string, title: string, over: Partial<RecipeSummary> = {}): RecipeSummary => ({
  name,
  title,
  icon: 'app',
  category: 'Notebooks',
  description: 'Notebooks, terminals and files in one page, with the kernels of your environment.',
  requires: 'Module jupyter, or Python 3.9 or newer',
  launchers: ['login', 'slurm'],
  serves: true,
  image: '',
  source: 'shipped',
  args: [],
  resources: {},
  docs: '',
  ...over,
});

export const fixtureRecipes: RecipeSummary[] = [
  recipe('jupyter', 'JupyterLab', {
    icon: 'notebook',
    launchers: ['slurm', 'login'],
    args: [
      {
        name: 'interface',
        title: 'Interface',
        description: 'Which interface opens.',
        type: 'choice',
        choices: [
          { value: 'lab', label: 'JupyterLab' },
          { value: 'notebook', label: 'Notebook' },
        ],
        default: 'lab',
      },
      { name: 'workdir', title: 'Start in', description: 'Where the notebooks are.', type: 'path' },
      { name: 'verbose', title: 'Verbose log', description: 'Write more to the log.', type: 'boolean' },
      {
        name: 'kernels',
        title: 'Kernels at most',
        description: 'How many kernels may run.',
        type: 'number',
        min: 1,
        max: 50,
        default: 10,
      },
      { name: 'password', title: 'Password', description: 'Asked by the page.', type: 'secret' },
    ],
    resources: { cpus: { default: 2 }, memory: { default: 4096 }, time: { default: 240 } },
  }),
  recipe('hello', 'Hello app', {
    icon: 'hello',
    category: 'Start here',
    description: 'Shows where it runs and who can reach it. Nothing to fill in.',
    requires: 'Python 3',
  }),
  recipe('flask', 'Flask app', {
    icon: 'flask',
    category: 'Web apps',
    description: 'A small web app of your own, served by gunicorn, reachable by you only.',
    requires: 'Python 3.9 or newer, gunicorn',
  }),
  recipe('django', 'Django site for a structural-biology-workbench with a very long name', {
    icon: 'django',
    category: 'Web apps',
    description: 'A Django site, served by uWSGI where the cluster has it.',
    requires: 'Python 3.9 or newer, uWSGI',
    launchers: ['slurm', 'login', 'htcondor', 'gridengine'],
  }),
];

/** A busy morning: one of each state that matters. Times are relative to `now`. */
export function busyState(now: number): AppState {
  const slurm = fixtureCluster({ id: 'slurm', name: 'slurm' });
  slurm.connection = { ...slurm.connection, state: 'connected', since: now - 60 * minute, roundTrip: 18 };
  slurm.rememberedSecrets = 1;
  slurm.facts = {
    loginNode: 'login2',
    home: '/home/user01',
    homeFree: 4.2e9,
    homeTotal: 53.7e9,
    launchers: [
      { name: 'login', version: '', queues: [], accounts: [], qos: [] },
      {
        name: 'slurm',
        version: '24.11.5',
        accounts: ['lab', 'class'],
        qos: ['normal', 'long'],
        queues: [
          queue('normal', 46, 128),
          queue('gpu', 0, 64, { gpusPerNode: 4 }),
          queue('highmem', 40, 64, { memoryPerNode: 1_024_000 }),
        ],
      },
    ],
    runtimes: [{ name: 'apptainer', version: '1.4.5', program: 'apptainer' }],
    modules: ['python/3.13', 'jupyter/4.0', 'R/4.5'],
    readAt: now - 40_000,
  };
  const far = fixtureCluster({
    id: 'genomics',
    name: 'genomics-shared-facility-login-with-a-long-name',
    host: 'login02.genomics-facility.example',
  });
  far.cluster.jumps = [{ host: 'gate.example', port: 22, user: 'user01' }];
  far.connection = {
    ...far.connection,
    state: 'sign-in-needed',
    error: {
      code: 'sign-in-needed',
      message: 'The last sign-in ended when the facility closed old connections.',
      hint: 'One password and one code reopen it for all views.',
    },
  };
  const lost = fixtureCluster({ id: 'lab', name: 'lab-box', host: '10.0.4.12' });
  lost.connection = {
    ...lost.connection,
    state: 'unreachable',
    attempt: 4,
    nextTryAt: now + 25_000,
    error: {
      code: 'connection-refused',
      message: '10.0.4.12 refused the connection on port 22.',
      hint: 'Check that its SSH server runs, and the port.',
      detail: 'connect ECONNREFUSED 10.0.4.12:22',
    },
  };
  const demo = fixtureCluster({ id: 'demo', name: 'demo', host: '127.0.0.1', demo: true });

  const ready = fixtureInstance({
    id: 'aaaaaaaaaa',
    title: 'JupyterLab',
    createdAt: now - 5,
    state: 'ready',
    job: fixtureJob({ node: 'c1', startedAt: now - 48 * minute, endsAt: now + 192 * minute }),
    endpoint: { kind: 'socket', node: 'c1', path: '/tmp/s' },
    route: {
      kind: 'node',
      words: 'socket through the node',
      refused: [{ kind: 'socket', reason: 'the socket is on node c1, not on the login node' }],
      warning: null,
    },
    logTail: '[I 13:42:02] Jupyter Server is running at:\n[I 13:42:02] http://localhost/lab\n',
  });
  const waiting = fixtureInstance({
    id: 'bbbbbbbbbb',
    title: 'RStudio',
    icon: 'chart-histogram',
    createdAt: now - 10,
    state: 'waiting',
    job: fixtureJob({
      id: '48219',
      state: 'pending',
      queue: 'gpu',
      reason: 'Resources',
      startsAt: now + 38 * minute,
    }),
    steps: fixtureSteps(now, 3, 12 * minute + 8000),
  });
  const starting = fixtureInstance({
    id: 'cccccccccc',
    title: 'VS Code',
    icon: 'code',
    createdAt: now - 20,
    state: 'starting',
    job: fixtureJob({ id: '9120', node: 'c3' }),
    steps: fixtureSteps(now, 4, 22_000),
    logTail:
      '13:42:02  Loading module code-server/4.91\n13:42:05  Extension host: 2 extensions want a newer version\n13:42:07  Waiting for the socket to answer (attempt 3)\n',
  });
  const failed = fixtureInstance({
    id: 'dddddddddd',
    title: 'cohort-dashboard-with-survival-curves-and-quality-control',
    icon: 'chart',
    createdAt: now - 30,
    state: 'failed',
    endedAt: now - 31 * minute,
    job: fixtureJob({
      id: '48190',
      node: 'c4',
      state: 'out-of-memory',
      nativeState: 'OUT_OF_MEMORY',
      startedAt: now - 57 * minute,
    }),
    error: {
      code: 'job-failed',
      message: 'Out of memory: the scheduler ended the job because it used more than the 4 GB it asked for.',
      hint: 'Launch it again with more memory.',
      detail: 'sacct: OUT_OF_MEMORY, exit 0:125',
    },
    input: launchInputSchema.parse({
      clusterId: 'slurm',
      recipe: 'flask',
      resources: { cpus: 2, memory: 4096, time: 60, queue: 'normal' },
    }),
  });
  const ended = fixtureInstance({
    id: 'eeeeeeeeee',
    title: 'Hello app',
    icon: 'hello',
    clusterId: 'demo',
    launcher: 'login',
    createdAt: now - 40,
    state: 'ended',
    endedAt: now - 90 * minute,
  });
  return {
    ...emptyState,
    clusters: [slurm, far, lost, demo],
    recipes: {
      list: fixtureRecipes,
      problems: [
        {
          recipe: 'mine/broken',
          file: 'mine/broken/app.yaml',
          line: 7,
          field: 'resources.cpus.default',
          message: 'Expected a number, found "four".',
        },
      ],
    },
    instances: [ready, waiting, starting, failed, ended],
    settings: { ...emptyState.settings, favourites: ['jupyter'] },
    system: {
      engine: 'running',
      keychain: 'system',
      keychainReason: '',
      versions: { app: '0.1.0', electron: '33.2.1', chrome: '130.0.6723.137', node: '20.18.1' },
      dataDirectory: '/home/user01/.config/Tunel',
      sshConfigHosts: 7,
      notices: [],
    },
    connectionLog: [
      {
        at: now - 2 * minute,
        clusterId: 'slurm',
        clusterName: 'slurm',
        kind: 'reconnected',
        text: 'Network came back after 21 s; signed in again, no code needed.',
      },
      {
        at: now - 60 * minute,
        clusterId: 'genomics',
        clusterName: far.cluster.name,
        kind: 'disconnected',
        text: 'The cluster closed the connection; nothing was running.',
      },
      {
        at: now - 80 * minute,
        clusterId: 'lab',
        clusterName: 'lab-box',
        kind: 'failed',
        text: '10.0.4.12 refused the connection on port 22.',
      },
      {
        at: now - 300 * minute,
        clusterId: 'slurm',
        clusterName: 'slurm',
        kind: 'connected',
        text: 'Signed in with an agent key, through gate.example.',
      },
    ],
    lastValues: {
      'jupyter@slurm': launchInputSchema.parse({
        clusterId: 'slurm',
        recipe: 'jupyter',
        resources: { time: 240, cpus: 4, memory: 16_384, queue: 'normal' },
        modules: ['python/3.11.8', 'jupyter/4.2'],
      }),
      'hello@demo': launchInputSchema.parse({ clusterId: 'demo', recipe: 'hello' }),
    },
    views: { list: [], selected: null },
  };
}

/** The first minute: a demo cluster, recipes, nothing launched yet. */
export function firstState(now: number): AppState {
  const busy = busyState(now);
  const demo = busy.clusters.find((entry) => entry.cluster.demo)!;
  return {
    ...busy,
    clusters: [{ ...demo, connection: { ...demo.connection, state: 'connected', roundTrip: 0.4 } }],
    recipes: { list: [...fixtureRecipes], problems: [] },
    instances: [],
    settings: emptyState.settings,
    connectionLog: [],
    lastValues: {},
  };
}
