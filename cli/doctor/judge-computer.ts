import { AppError } from '../../electron/shared/errors.ts';
import type { KeychainProblem, SystemState } from '../../electron/shared/state.ts';
import { type Finding, findingsAbout } from './finding.ts';

/** What was measured of this computer without an engine. */
export interface ComputerReading {
  data: { directory: string; mode: number | null; freeBytes: number };
  /** What `ssh -V` printed; null: there is none. */
  ssh: string | null;
  /** Keys that the agent holds; null: no agent answers. */
  agentKeys: number | null;
}

/** What the engine says of itself. */
export interface EngineReading {
  versions: { tunel: string; engine: string; host: string; node: string };
  system: Pick<SystemState, 'keychain' | 'keychainProblem' | 'keychainReason' | 'notices'>;
  /** Names of recipes that cannot be read. */
  recipeProblems: readonly string[];
}

const LEAST_FREE = 200_000_000;
const MEGABYTE = 1_000_000;

const of = findingsAbout('This computer');

const keychainHints: Readonly<Record<KeychainProblem, string>> = {
  'timed-out': 'Answer the question of the keychain on your desktop, then start Tunel again.',
  locked: 'Unlock the keychain, e.g. by signing in to the desktop, then start Tunel again.',
  'library-missing': 'Install libsecret (libsecret-1-0 on Debian), then start Tunel again.',
  'service-missing': 'Install and start a Secret Service, e.g. gnome-keyring or KWallet, then start Tunel again.',
  'not-kept': 'Look at what the keychain says of itself; until then a password is asked for again.',
  unusable: 'Look at what the keychain says of itself; until then a password is asked for again.',
};

export function judgeComputer({ data, ssh, agentKeys }: ComputerReading): Finding[] {
  return [
    judgeData(data),
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
  ];
}

function judgeData({ directory, mode, freeBytes }: ComputerReading['data']): Finding {
  const text = `${directory}${mode === null ? '' : `, mode ${mode.toString(8)}`}, ${Math.round(freeBytes / MEGABYTE)} MB free`;
  if (mode !== null && (mode & 0o077) !== 0) {
    return of('data directory', 'warning', text, `Close it for others: chmod 700 ${directory}`);
  }
  return freeBytes < LEAST_FREE
    ? of('data directory', 'warning', text, 'Free space on that disk.')
    : of('data directory', 'ok', text);
}

export function judgeEngine({ versions, system, recipeProblems }: EngineReading): Finding[] {
  const { tunel, engine, host, node } = versions;
  return [
    of('engine', 'ok', `Tunel ${engine} (${host}), command ${tunel} on Node ${node}`),
    judgeKeychain(system),
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

function judgeKeychain({ keychain, keychainProblem, keychainReason }: EngineReading['system']): Finding {
  if (keychain === 'system') return of('keychain', 'ok', "the system's keychain keeps passwords");
  return of(
    'keychain',
    'warning',
    `passwords are kept in memory until the engine ends: ${keychainReason}`,
    keychainHints[keychainProblem ?? 'unusable'],
  );
}

/** Nothing that connects to clusters can run. */
export function judgeEngineFailure(error: unknown): Finding {
  const { message, hint = '' } = AppError.from(error);
  return of('engine', 'failed', message, hint || 'See its log: tunel engine log');
}
