import type { ClusterFacts, ClusterState } from '../../electron/shared/clusters.ts';
import { AppError } from '../../electron/shared/errors.ts';
import type { SystemState } from '../../electron/shared/state.ts';

/** What one check found, and what to do about it. */
export interface Finding {
  /** The computer, or the name of a cluster. */
  subject: string;
  check: string;
  result: 'ok' | 'warning' | 'failed' | 'unchecked';
  text: string;
  /** Empty: nothing is to be done. */
  hint: string;
}

export const thisComputer = 'This computer';

const finding = (subject: string, check: string, result: Finding['result'], text: string, hint = ''): Finding => ({
  subject,
  check,
  result,
  text,
  hint,
});

/** What was measured of this computer. */
export interface ComputerReading {
  versions: { tunel: string; engine: string; host: string; node: string };
  data: { directory: string; mode: number | null; freeBytes: number };
  system: Pick<SystemState, 'keychain' | 'keychainProblem' | 'keychainReason' | 'notices'>;
  /** What `ssh -V` printed; null: there is none. */
  ssh: string | null;
  /** Keys that the agent holds; null: no agent answers. */
  agentKeys: number | null;
  /** Titles of the problems of recipes. */
  recipeProblems: readonly string[];
}

const LEAST_FREE = 200_000_000;
const MEGABYTE = 1_000_000;
const GIGABYTE = 1_000_000_000;

export function judgeComputer({ versions, data, system, ssh, agentKeys, recipeProblems }: ComputerReading): Finding[] {
  const of = (check: string, result: Finding['result'], text: string, hint = '') =>
    finding(thisComputer, check, result, text, hint);
  const mode = data.mode === null ? '' : `, mode ${data.mode.toString(8)}`;
  const isOpen = data.mode !== null && (data.mode & 0o077) !== 0;
  const isFull = data.freeBytes < LEAST_FREE;
  return [
    of(
      'engine',
      'ok',
      `Tunel ${versions.engine} (${versions.host}), command ${versions.tunel} on Node ${versions.node}`,
    ),
    of(
      'data directory',
      isOpen || isFull ? 'warning' : 'ok',
      `${data.directory}${mode}, ${Math.round(data.freeBytes / MEGABYTE)} MB free`,
      isOpen ? `Close it for others: chmod 700 ${data.directory}` : isFull ? 'Free space on that disk.' : '',
    ),
    system.keychain === 'system'
      ? of('keychain', 'ok', "the system's keychain keeps passwords")
      : of(
          'keychain',
          'warning',
          `passwords are kept in memory until the engine ends: ${system.keychainReason}`,
          'Unlock or install a keychain (Secret Service, such as gnome-keyring), then start Tunel again.',
        ),
    ssh === null
      ? of(
          'ssh',
          'warning',
          'no ssh program',
          'Install OpenSSH: hosts of ~/.ssh/config, the openssh transport and tunel proxy need it.',
        )
      : of('ssh', 'ok', ssh),
    agentKeys === null
      ? of('ssh agent', 'ok', 'none; keys are read from files')
      : of('ssh agent', 'ok', `${agentKeys} ${agentKeys === 1 ? 'key' : 'keys'}`),
    recipeProblems.length === 0
      ? of('recipes', 'ok', 'all can be read')
      : of(
          'recipes',
          'warning',
          `${recipeProblems.length} cannot be read: ${recipeProblems.join(', ')}`,
          'See: tunel list-apps --validate',
        ),
    ...system.notices.map(({ title, text }) => of('notice', 'warning', title, text)),
  ];
}

/** A cluster whose connection stands. */
export function judgeCluster(facts: ClusterFacts, { cluster, connection }: ClusterState): Finding[] {
  const of = (check: string, result: Finding['result'], text: string, hint = '') =>
    finding(cluster.name, check, result, text, hint);
  const roundTrip = connection.roundTrip === null ? '' : `, ${Math.round(connection.roundTrip)} ms away`;
  const launchers = facts.launchers.filter(({ name }) => name !== 'login');
  return [
    of('connection', 'ok', `signed in to ${facts.loginNode} as ${cluster.user}${roundTrip}`),
    judgeHome(cluster.name, facts),
    launchers.length > 0
      ? of('scheduler', 'ok', launchers.map(({ name, version }) => `${name} ${version}`).join(', '))
      : of(
          'scheduler',
          'warning',
          'none was found; apps start on the login node',
          'Where there is one, add the lines that put it on PATH to the environment of the cluster.',
        ),
    facts.runtimes.length > 0
      ? of('containers', 'ok', facts.runtimes.map(({ name, version }) => `${name} ${version}`).join(', '))
      : of('containers', 'ok', 'none on the login node'),
  ];
}

function judgeHome(name: string, { home, homeFree, homeTotal }: ClusterFacts): Finding {
  if (homeFree === null || homeTotal === null) return finding(name, 'home', 'ok', home);
  const text = `${home}, ${(homeFree / GIGABYTE).toFixed(1)} of ${(homeTotal / GIGABYTE).toFixed(1)} GB free`;
  return homeFree < LEAST_FREE || homeFree < homeTotal * 0.02
    ? finding(name, 'home', 'warning', text, 'Free space there: apps keep their scripts and logs in ~/.tunel.')
    : finding(name, 'home', 'ok', text);
}

/** A cluster that could not be reached or asked. */
export function judgeFailure(name: string, error: unknown): Finding {
  const { message, hint = '' } = AppError.from(error);
  return finding(name, 'connection', 'failed', message, hint);
}

export const notChecked = (name: string, state: string): Finding =>
  finding(name, 'connection', 'unchecked', `not asked, it is ${state}`, `Check it with: tunel doctor ${name}`);
