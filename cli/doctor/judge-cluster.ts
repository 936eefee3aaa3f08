import type { Cluster, ClusterFacts, ClusterState } from '../../electron/shared/clusters.ts';
import { AppError } from '../../electron/shared/errors.ts';
import type { FileSpace } from '../../electron/shared/files.ts';
import { type Finding, findingsAbout } from './finding.ts';

/** A key file that is named for a cluster; `mode` null: there is none, or its modes say nothing. */
export interface KeyReading {
  file: string;
  exists: boolean;
  mode: number | null;
}

const GIGABYTE = 1_000_000_000;
const LEAST_FREE = 200_000_000;
/** A part of a quota from which on it is worth a look. */
const NEARLY_FULL = 0.95;
/** A round trip from which on typing is felt to lag, ms. */
const SLOW = 300;

/** A cluster whose connection stands. `space`: of its home directory; null: not known. */
export function judgeCluster(
  facts: ClusterFacts,
  { cluster, connection }: ClusterState,
  space: FileSpace | null,
): Finding[] {
  const of = findingsAbout(cluster.name);
  const launchers = facts.launchers.filter(({ name }) => name !== 'login');
  return [
    judgeConnection(facts, cluster, connection.roundTrip),
    judgeHome(cluster.name, facts, space),
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

function judgeConnection({ loginNode }: ClusterFacts, { name, user }: Cluster, roundTrip: number | null): Finding {
  const of = findingsAbout(name);
  const text = `signed in to ${loginNode} as ${user}`;
  if (roundTrip === null) return of('connection', 'ok', text);
  const whole = `${text}, ${Math.round(roundTrip)} ms away`;
  return roundTrip < SLOW
    ? of('connection', 'ok', whole)
    : of('connection', 'warning', whole, 'It is slow: apps in a window will feel so. Look at your network or VPN.');
}

const gigabytes = (bytes: number): string => `${(bytes / GIGABYTE).toFixed(1)} GB`;

function judgeHome(name: string, { home, homeFree, homeTotal }: ClusterFacts, space: FileSpace | null): Finding {
  const of = findingsAbout(name);
  const hint = 'Free space there: apps keep their scripts and logs in ~/.tunel.';
  const quota = space?.quota;
  if (quota?.bytesLimit && quota.bytes > quota.bytesLimit * NEARLY_FULL) {
    return of('home', 'warning', `${home}, ${gigabytes(quota.bytes)} of your ${gigabytes(quota.bytesLimit)}`, hint);
  }
  if (quota?.filesLimit && quota.files > quota.filesLimit * NEARLY_FULL) {
    return of('home', 'warning', `${home}, ${quota.files} of your ${quota.filesLimit} files`, hint);
  }
  if (homeFree === null || homeTotal === null) return of('home', 'ok', home);
  const text = `${home}, ${(homeFree / GIGABYTE).toFixed(1)} of ${gigabytes(homeTotal)} free`;
  return homeFree < LEAST_FREE || homeFree < homeTotal * 0.02
    ? of('home', 'warning', text, hint)
    : of('home', 'ok', text);
}

/** What a sign-in needs of this computer. */
export function judgeSignIn(
  { name, transport }: Pick<Cluster, 'name' | 'transport'>,
  keys: readonly KeyReading[],
  hasSsh: boolean,
): Finding[] {
  const of = findingsAbout(name);
  const findings = keys.flatMap(({ file, exists, mode }) => {
    if (!exists) {
      return [of('key', 'failed', `${file} is not there`, `Name another: tunel clusters edit ${name} --key FILE`)];
    }
    const isOpen = mode !== null && !file.endsWith('.pub') && (mode & 0o077) !== 0;
    return isOpen ? [of('key', 'warning', `others can read ${file}`, `Close it: chmod 600 ${file}`)] : [];
  });
  if (transport === 'openssh' && !hasSsh) {
    findings.push(of('transport', 'failed', 'it connects by OpenSSH, which is not there', 'Install OpenSSH.'));
  }
  return findings;
}

/** A cluster that could not be reached or asked. */
export function judgeFailure(name: string, error: unknown): Finding {
  const { message, hint, detail, action } = AppError.from(error);
  const command = action?.kind === 'copy-command' ? `Run: ${action.text}` : '';
  return findingsAbout(name)('connection', 'failed', message, hint || command || detail?.split('\n')[0]);
}

export const notChecked = (name: string, state: string): Finding =>
  findingsAbout(name)('connection', 'unchecked', `not asked, it is ${state}`, `Check it with: tunel doctor ${name}`);
