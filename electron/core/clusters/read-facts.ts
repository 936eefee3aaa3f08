import type { ClusterFacts, LauncherInfo } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import type { LauncherName } from '../../shared/kinds.ts';
import { message } from '../../shared/messages.ts';
import type { SchedulerFacts } from '../../shared/sites.ts';
import type { Clock } from '../deps.ts';
import type { Launcher } from '../launchers/common/launcher.ts';
import { detectRuntimes } from '../runtimes/detect.ts';
import { hasModuleCommand, parseLoginVariables, showLoginVariables } from '../ssh/shells/login-variables.ts';
import { LoginVariablesReading } from '../ssh/shells/login-variables-reading.ts';
import { ScriptBatch } from '../ssh/shells/script-batch.ts';
import type { Connection } from '../ssh/types.ts';
import { detectModules } from './modules.ts';

const script = `LC_ALL=C
export LC_ALL
printf '%s\\n%s\\n' "$(hostname 2>/dev/null || uname -n)" "$HOME"
df -Pk "$HOME" 2>/dev/null | awk 'NR == 2 { print $2, $4 }'
`;

/** Start-up files of a login shell and all that looks at schedulers, one after the other. */
const TOGETHER_MS = 30_000;
const KIB = 1024;
/** Linux's; a longer home directory is none. */
const PATH_MAX = 4096;

/** What detecting needs of a connection. */
export type DetectableConnection = Pick<Connection, 'run' | 'node' | 'closed' | 'setLoginVariables'>;

interface FactsDeps {
  launchers: Readonly<Record<LauncherName, Launcher>>;
  clock: Clock;
  /** What the profile of the cluster's site says of its scheduler. */
  site?: SchedulerFacts;
}

/**
 * What a cluster is: its login node's name, the home directory and its space, the launchers and container runtimes found
 * there, all by one script. One whose programs are there but fail is left out, so that the others stay usable. Modules are those that were
 * known before: listing them takes seconds on a large site (`withModules`), and nothing waits for it.
 */
export async function readFacts(
  connection: DetectableConnection,
  { launchers, clock, site }: FactsDeps,
  known: ClusterFacts | null,
  signal?: AbortSignal,
): Promise<ClusterFacts> {
  const batch = new ScriptBatch(connection);
  const answers = Promise.all([
    batch.run(script, { signal, timeoutMs: 30_000 }),
    batch.run(showLoginVariables, { signal, timeoutMs: 30_000 }),
    Promise.allSettled(Object.values(launchers).map((launcher) => launcher.detect(batch, signal, site))),
    Promise.allSettled([detectRuntimes(batch, signal)]),
  ]);
  const first = new LoginVariablesReading(connection, signal);
  await batch.send(first, { signal, timeoutMs: TOGETHER_MS });
  const [base, login, detected, [runtimes]] = await answers;
  signal?.throwIfAborted();
  if (connection.closed.aborted) throw AppError.from(connection.closed.reason);
  const [loginNode = '', home = '', space = ''] = base.stdout.split('\n');
  if (base.exitCode !== 0 || !home.startsWith('/') || home.length > PATH_MAX) {
    throw new AppError(
      'command-failed',
      message`${{ node: connection.node }} does not say where the home directory is.`,
      {
        hint: 'Log in with ssh and see whether `echo $HOME` prints a directory.',
        detail: base.stderr.trim().slice(0, 2000) || undefined,
      },
    );
  }
  const [total, free] = /^\d+ \d+$/.test(space) ? space.split(' ').map((blocks) => Number(blocks) * KIB) : [];
  return {
    loginNode,
    home: home.length > 1 ? home.replace(/\/+$/, '') : home,
    homeFree: free ?? null,
    homeTotal: total ?? null,
    launchers: detected.flatMap((answer): LauncherInfo[] =>
      answer.status === 'fulfilled' && answer.value !== null ? [answer.value] : [],
    ),
    runtimes: runtimes.status === 'fulfilled' ? runtimes.value : [],
    modules: known?.modules ?? [],
    loginVariables: first.hasFailed ? (known?.loginVariables ?? null) : parseLoginVariables(login.stdout),
    readAt: clock.now(),
  };
}

/** The same facts with the modules that are there now; those known before where the list cannot be had. */
export async function withModules(
  facts: ClusterFacts,
  connection: DetectableConnection,
  signal?: AbortSignal,
): Promise<ClusterFacts> {
  const { loginVariables } = facts;
  const isKnown = loginVariables !== null && Object.keys(loginVariables).length > 0;
  if (isKnown && !hasModuleCommand(loginVariables)) return { ...facts, modules: [] };
  const modules = await detectModules(connection, signal);
  return modules.length === 0 ? facts : { ...facts, modules };
}
