import type { LaunchInput } from '../../../electron/shared/instances.ts';
import type { ClusterName } from '../../helpers/clusters.ts';

export type Launcher = 'slurm' | 'gridengine' | 'htcondor' | 'login';
export type Input = { args?: LaunchInput['args']; resources?: Partial<LaunchInput['resources']> };

/**
 * `apps` serve, `jobs` end by themselves: the files they leave, and a line of one of them. A key begins with the recipe's name.
 * `lacks`: programs and Python packages that its nodes do not have, by the recipe that needs them.
 */
export interface Place {
  cluster: ClusterName;
  launcher: Launcher;
  nodes: readonly string[];
  apps: Record<string, Input>;
  jobs: Record<string, Input & { leaves: string[]; says: RegExp }>;
  lacks: Record<string, string>;
}

const pi = { args: { arguments: '5000' }, leaves: ['pi.json'], says: /"points": 5000/ };
const fit = { leaves: ['fit.csv'], says: /"speed",3\.93/ };
const inputs = { args: { inputs: 'inputs.txt', arguments: '"two words"' } };
const lines = { leaves: ['task-1.txt', 'task-2.txt', 'task-3.txt'], says: /Task 2 with the input b c, / };
const sum = (processes: number, total: number, on: string) =>
  new RegExp(`over ${processes} processes is ${total}, on ${on}\n`);

const python = { dash: 'plotly', streamlit: 'streamlit', bokeh: 'bokeh', tensorboard: 'tensorboard' };
const nowhere = {
  bumps: 'bumps',
  rstudio: 'rserver',
  'code-server': 'code-server',
  marimo: 'marimo',
  'matlab-proxy': 'matlab',
};
const bare = { ...python, ...nowhere, desktop: 'Xvnc' };
const pages = { fastapi: {}, flask: {}, django: {}, files: {}, jupyter: {}, terminal: {} };

export const places: readonly Place[] = [
  {
    cluster: 'login',
    launcher: 'login',
    nodes: ['login'],
    apps: pages,
    jobs: { 'python-script': pi, array: { ...inputs, ...lines } },
    lacks: { ...bare, shiny: 'R', 'r-script': 'R', mpi: 'mpirun' },
  },
  {
    cluster: 'slurm24',
    launcher: 'slurm',
    nodes: ['c1', 'c2'],
    apps: { ...pages, shiny: {}, desktop: {} },
    jobs: {
      'python-script': pi,
      'r-script': fit,
      array: { ...inputs, resources: { array: '1-3' }, ...lines },
      mpi: { resources: { nodes: 2, cpus: 2 }, leaves: ['sum.txt'], says: sum(4, 10, 'c1, c2') },
      'mpi by srun': {
        args: { starter: 'srun' },
        resources: { nodes: 2, cpus: 2 },
        leaves: ['sum.txt'],
        says: sum(4, 10, 'c1, c2'),
      },
    },
    lacks: {},
  },
  {
    cluster: 'slurm22',
    launcher: 'slurm',
    nodes: ['c1'],
    apps: { dash: {}, streamlit: {}, bokeh: {}, tensorboard: { args: { logs: 'logs', reload: 1 } } },
    jobs: {},
    lacks: {},
  },
  {
    cluster: 'htcondor',
    launcher: 'htcondor',
    nodes: ['w1', 'w2'],
    apps: { ...pages, shiny: {} },
    jobs: {
      'python-script': pi,
      'r-script': fit,
      array: { args: { count: 3 }, leaves: lines.leaves, says: /Task 2 with the input 2, / },
    },
    lacks: bare,
  },
  {
    cluster: 'gridengine',
    launcher: 'gridengine',
    nodes: ['e1', 'e2'],
    apps: { ...pages, shiny: {} },
    jobs: {
      'python-script': pi,
      'r-script': fit,
      array: { ...inputs, resources: { array: '1-3' }, ...lines },
      mpi: { resources: { cpus: 2 }, leaves: ['sum.txt'], says: sum(2, 3, 'e[12]') },
    },
    lacks: bare,
  },
];
export const standIns: Place = {
  cluster: 'slurm24',
  launcher: 'slurm',
  nodes: ['c1', 'c2'],
  apps: {
    marimo: { args: { mode: 'run' } },
    'matlab-proxy': { args: { license: '27000@license host' } },
    rstudio: {},
    'code-server': {},
  },
  jobs: {
    bumps: {
      args: { burn: 20, samples: 1000 },
      leaves: ['run.mon', 'run.h5', 'out/example.par'],
      says: /--time=0\.1111[\s\S]*step 70 cost 3\.74\(26\) \[final\][\s\S]*slope 1\.982/,
    },
  },
  lacks: {},
};
