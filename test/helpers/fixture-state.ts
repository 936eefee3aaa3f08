import type { ClusterState } from '../../electron/shared/clusters.ts';
import { clusterInputSchema } from '../../electron/shared/clusters.ts';
import { type Instance, type JobStatus, launchInputSchema, stepNames } from '../../electron/shared/instances.ts';
import type { RecipeSummary } from '../../electron/shared/recipes.ts';
import { type SiteProfile, siteProfileSchema } from '../../electron/shared/sites.ts';
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
    image: 'quay.io/jupyter/base-notebook:2026-10-05',
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
  recipe('sweep', 'Parameter sweep', {
    icon: 'chart-bar',
    category: 'Batch',
    description: 'Runs a command of yours once for each number, and gathers what it writes.',
    requires: '',
    serves: false,
    launchers: ['slurm', 'htcondor', 'gridengine', 'pbs', 'lsf'],
    args: [{ name: 'command', title: 'Command', description: 'TASK is the number.', type: 'string', required: true }],
  }),
  recipe('django', 'Django site for a structural-biology-workbench with a very long name', {
    icon: 'django',
    category: 'Web apps',
    description: 'A Django site, served by uWSGI where the cluster has it.',
    requires: 'Python 3.9 or newer, uWSGI',
    launchers: ['slurm', 'login', 'htcondor', 'gridengine'],
  }),
];

export const fixtureSite: SiteProfile = siteProfileSchema.parse({
  site: 'Riverside computing centre',
  docs: 'https://hpc.riverside.example/tunel',
  message: 'Maintenance on 3 December, 08:00 to 12:00; jobs that would run into it wait until after.',
  launcher: 'slurm',
  runtime: 'apptainer',
  queues: [
    { name: 'normal', description: 'For most work: nodes of 32 cores, a day at most.' },
    { name: 'gpu', description: 'Four A100 or L40S a node. Idle GPUs are taken back after 20 minutes.', maxTime: 720 },
    { name: 'highmem', description: 'One terabyte a node.' },
  ],
  modules: ['site-env/2026'],
  forbiddenRoutes: ['port'],
  pollInterval: 10,
});

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
          queue('gpu', 0, 64, { gpusPerNode: 4, gpuTypes: ['a100', 'l40s'] }),
          queue('highmem', 40, 64, { memoryPerNode: 1_024_000 }),
        ],
      },
    ],
    runtimes: [
      { name: 'apptainer', version: '1.4.5', program: 'apptainer' },
      { name: 'podman', version: '5.4.2', program: 'podman' },
    ],
    modules: ['gcc/14.2', 'jupyter/4.2', 'python/3.11.8', 'python/3.13', 'R/4.5'],
    readAt: now - 40_000,
  };
  slurm.cluster.site = fixtureSite;
  const pool = fixtureCluster({ id: 'pool', name: 'pool', host: 'submit.pool.example' });
  pool.connection = { ...pool.connection, state: 'connected', since: now - 9 * minute, roundTrip: 64 };
  pool.facts = {
    loginNode: 'submit1',
    home: '/home/user01',
    homeFree: 88e9,
    homeTotal: 107e9,
    launchers: [
      { name: 'login', version: 'setsid --fork', queues: [], accounts: [], qos: [] },
      {
        name: 'htcondor',
        version: '23.9.6',
        accounts: [],
        qos: [],
        queues: [queue('pool', 212, 740, { isDefault: true, maxSeconds: null, memoryPerNode: 64_000, gpusPerNode: 2 })],
      },
      { name: 'lsf', version: '10.1', accounts: ['lab'], qos: [], queues: [queue('short', 12, 48)] },
    ],
    runtimes: [{ name: 'apptainer', version: '3.8.7', program: '/usr/bin/singularity' }],
    modules: [],
    readAt: now - 90_000,
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
    notes: [
      { label: 'User', value: 'ada', secret: false },
      { label: 'Password', value: '', secret: true },
    ],
    state: 'ready',
    job: fixtureJob({ node: 'c1', startedAt: now - 48 * minute, endsAt: now + 192 * minute }),
    endpoint: { kind: 'socket', node: 'c1', path: '/tmp/s' },
    route: {
      kind: 'node',
      words: 'socket through the node',
      refused: [{ kind: 'socket', reason: 'the socket is on node c1, not on the login node' }],
      warning: null,
    },
    exposure: {
      level: 'only-you',
      words: 'Only you: the folder of its socket is closed to others.',
      evidence: [
        'socket /home/user01/.tunel/aaaaaaaaaa/s: srw------- user01 lab',
        'directory /home/user01/.tunel/aaaaaaaaaa: drwx------ user01 lab',
        'directory /home/user01/.tunel: drwx------ user01 lab',
        'no other listener of its processes',
      ],
      checkedAt: now - 46 * minute,
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
      reason: 'waiting for enough free resources (Resources)',
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
    clusters: [slurm, pool, far, lost, demo],
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
      ...[1, 3, 5].map((ago) => ({
        at: now - (90 + ago) * minute,
        clusterId: 'genomics',
        clusterName: far.cluster.name,
        kind: 'asked' as const,
        text: 'Waiting for your answer',
      })),
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
    sources: [
      {
        id: 'lab-recipes-1a2b3c',
        url: 'https://git.example.org/lab/recipes.git',
        ref: 'main',
        commit: '1234567890abcdef1234567890abcdef12345678',
        addedAt: now,
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
    views: { list: [], selected: null, fullScreen: false },
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

/** The states of jobs, containers and ways that are seldom seen together. */
export function oddState(now: number): AppState {
  const busy = busyState(now);
  const steps = (at: number) =>
    stepNames.map((name, index) => ({
      name,
      state: index < at ? ('done' as const) : index === at ? ('now' as const) : ('todo' as const),
      startedAt: index < at ? now - 20 * minute : index === at ? now - 95_000 : null,
      endedAt: index < at ? now - 20 * minute + 700 : null,
    }));
  let age = 0;
  const app = (id: string, title: string, over: Partial<Instance>) => {
    age += 1;
    return fixtureInstance({ id, title, createdAt: now - age, ...over });
  };
  const ready = { node: 'c2', startedAt: now - 100 * minute, endsAt: now + 7 * minute };
  return {
    ...busy,
    instances: [
      app('port000000', 'Dash app', {
        job: fixtureJob(ready),
        endpoint: { kind: 'port', node: 'c2', port: 8050 },
        route: {
          kind: 'port',
          words: 'port 8050 of node c2, from the login node',
          refused: [
            { kind: 'socket', reason: 'the app listens on a port' },
            { kind: 'node', reason: 'the node takes no ssh: Access denied by pam_slurm' },
            { kind: 'relay', reason: 'neither python3 nor perl is on the node' },
          ],
          warning:
            'Everyone with an account on the cluster can reach port 8050 of c2. The app asks them for its token.',
        },
        exposure: {
          level: 'cluster',
          words: 'Everyone on the cluster: it listens on 0.0.0.0:8050.',
          evidence: ['c2: 0.0.0.0:8050 LISTEN (python3)', 'login2: connected to c2:8050'],
          checkedAt: now - 2 * minute,
        },
      }),
      app('image00000', 'JupyterLab in a container', {
        state: 'starting',
        runtime: 'apptainer',
        steps: steps(2),
        progress: { fraction: 0.42, words: 'Copying layer 5 of 9, 410 MB of 980 MB' },
      }),
      app('image00001', 'Spectra viewer', {
        state: 'starting',
        runtime: 'podman',
        launcher: 'login',
        clusterId: 'pool',
        steps: steps(2),
        progress: {
          fraction: null,
          words: 'INFO: Creating SIF file from quay.io/spectra/viewer-with-a-long-name:2026',
        },
      }),
      app('held000000', 'Held by you', {
        state: 'waiting',
        steps: fixtureSteps(now, 3, 3 * minute),
        job: fixtureJob({ state: 'held', heldBy: 'user', reason: 'held: you asked for it to wait (JobHeldUser)' }),
      }),
      app('held000001', 'Held by the site', {
        state: 'waiting',
        launcher: 'htcondor',
        clusterId: 'pool',
        steps: fixtureSteps(now, 3, 33 * minute),
        job: fixtureJob({
          id: '9120.0',
          queue: '',
          state: 'held',
          heldBy: 'system',
          reason: 'its files could not be sent (Transfer input files failure: No space left on device)',
        }),
      }),
      app('tasks00000', 'Parameter sweep', {
        recipe: 'sweep',
        icon: 'chart-bar',
        path: '',
        state: 'ready',
        job: fixtureJob({ id: '48300', tasks: { pending: 61, running: 8, completed: 28, failed: 3 } }),
      }),
      app('group00000', 'Shared notebook', {
        job: fixtureJob({ ...ready, endsAt: null }),
        route: { kind: 'relay', words: 'relay inside the job', refused: [], warning: null },
        exposure: {
          level: 'group',
          words: 'Your group lab: the folder of its socket is open to it.',
          evidence: ['directory /home/user01/shared: drwxrwx--- user01 lab'],
          checkedAt: now - minute,
        },
      }),
      app('node000000', 'Old viewer', {
        job: fixtureJob({ ...ready, endsAt: null }),
        route: { kind: 'node', words: 'port on the loopback of c2, through the node', refused: [], warning: null },
        exposure: { level: 'node', words: 'Everyone logged in on c2.', evidence: [], checkedAt: now - minute },
      }),
    ],
  };
}

/** A heavy user's week: two hundred apps, most of them waiting or over. */
export function manyState(now: number): AppState {
  const busy = busyState(now);
  const states = ['ready', 'waiting', 'ended', 'ended', 'failed', 'waiting', 'ended', 'starting'] as const;
  const [ready, waiting, starting, failed, ended] = busy.instances as [
    Instance,
    Instance,
    Instance,
    Instance,
    Instance,
  ];
  const like = { ready, waiting, starting, failed, ended };
  return {
    ...busy,
    instances: Array.from({ length: 200 }, (_, index) => {
      const state = states[index % states.length] ?? 'ended';
      return {
        ...like[state],
        id: `many${String(index).padStart(6, '0')}`,
        title: `${like[state].title} ${index + 1}`,
        createdAt: now - index * minute,
      };
    }),
  };
}
