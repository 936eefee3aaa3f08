import type { LauncherInfo, RuntimeInfo } from '../../electron/shared/clusters.ts';
import { type LauncherName, launcherNames, type RuntimeName, unprovenLaunchers } from '../../electron/shared/kinds.ts';

export const launcherWords: Record<LauncherName, string> = {
  login: 'Login node',
  slurm: 'Slurm',
  htcondor: 'HTCondor',
  gridengine: 'Grid Engine',
  pbs: 'PBS',
  lsf: 'LSF',
};

export const runtimeWords: Record<RuntimeName, string> = {
  native: 'No container',
  apptainer: 'Apptainer',
  podman: 'Podman',
  docker: 'Docker',
};

export const isLauncher = (name: string): name is LauncherName => (launcherNames as readonly string[]).includes(name);

/** A launcher's name in words; one this version does not know keeps its own. */
export const launcherWord = (name: string): string => (isLauncher(name) ? launcherWords[name] : name);

export const isUnproven = (name: string): boolean => isLauncher(name) && unprovenLaunchers.includes(name);

/** The same words wherever such a launcher is named. */
export const unprovenWords = 'not yet run against a real one';

/** `Slurm 24.11.5`. The login node's version is the tool that starts processes there, which tells a user nothing. */
export function launcherTitle({ name, version }: Pick<LauncherInfo, 'name' | 'version'>): string {
  return name === 'login' || version === '' ? launcherWords[name] : `${launcherWords[name]} ${version}`;
}

/** `Apptainer 1.4.5`, or `Singularity 3.8` where it goes by its older name. */
export function runtimeTitle({ name, version, program }: RuntimeInfo): string {
  const word = /(^|\/)singularity$/.test(program) ? 'Singularity' : runtimeWords[name];
  return version === '' ? word : `${word} ${version}`;
}

/** What a launcher can be asked for, as the form offers it. */
export interface LauncherFeatures {
  /** It has queues a job is sent to. */
  queues: boolean;
  /** A job may span several nodes. */
  nodes: boolean;
  qos: boolean;
  /** It can be told which kind of GPU. */
  gpuTypes: boolean;
  /** What the scheduler's own options are called, with one as an example. */
  options: string;
}

/** Null: it is asked for nothing, as on a login node. */
export const launcherFeatures: Record<LauncherName, LauncherFeatures | null> = {
  login: null,
  slurm: { queues: true, nodes: true, qos: true, gpuTypes: true, options: '--constraint=avx2' },
  htcondor: {
    queues: false,
    nodes: false,
    qos: false,
    gpuTypes: false,
    options: 'requirements = (OpSysMajorVer == 12)',
  },
  gridengine: { queues: true, nodes: false, qos: false, gpuTypes: false, options: '-l arch=lx-amd64' },
  pbs: { queues: true, nodes: true, qos: false, gpuTypes: false, options: '-l place=excl' },
  lsf: { queues: true, nodes: true, qos: false, gpuTypes: false, options: '-R "select[avx2]"' },
};
