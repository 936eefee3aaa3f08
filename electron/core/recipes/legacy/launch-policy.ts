import type { ClusterFacts } from '../../../shared/clusters.ts';
import { AppError } from '../../../shared/errors.ts';
import type { LaunchInput } from '../../../shared/instances.ts';
import type { LauncherName } from '../../../shared/kinds.ts';
import type { ContainerLauncher } from '../../../shared/legacy-launcher-names.ts';
import { message } from '../../../shared/messages.ts';
import { type Serve, serveSchema } from '../../../shared/recipes.ts';
import type { Recipe } from '../types.ts';
import { containerNames } from './container-policy.ts';
import { isLegacy, kindOf, type LegacyKind } from './kind-policy.ts';

/** Bytes of a path that `bind` takes everywhere; a name beside the socket (`.lock`) fits behind it. */
const MAX_SOCKET = 99;

/** All that is special about one launch of a recipe of Tunel's. */
export interface LegacyLaunch {
  kind: LegacyKind;
  /** Which of Tunel's container launchers it stands for. */
  as: ContainerLauncher | null;
  /** The recipe's `scriptdir`: the instance's directory, or a link to it in `link`. */
  scriptDirectory: string;
  /** A private directory on the node for that link, made there; null: none is needed. */
  link: string | null;
  jobSlug: string;
  variables: Record<string, string>;
  /** The port the user named; null: a free one is taken. */
  port: number | null;
}

interface LegacyLaunchInput {
  id: string;
  recipe: Recipe;
  input: Pick<LaunchInput, 'args' | 'runtime'>;
  launcher: LauncherName;
  facts: Pick<ClusterFacts, 'runtimes'> | null;
  /** Of the instance; its jobs may not see it under this path (`isSent`). */
  directory: string;
  isSent: boolean;
  /** Letters nobody can guess. */
  random: string;
}

/** null: a recipe of ours, unless that draws on X as well. */
export function planLegacyLaunch(given: LegacyLaunchInput): LegacyLaunch | null {
  const { recipe, input, launcher, facts, directory } = given;
  if (!isLegacy(recipe.file) && !recipe.file.needs?.xserver) return null;
  const { name } = recipe.summary;
  const kind = kindOf(name, recipe.file, recipe.template);
  const { file } = recipe;
  const { as, variables } = containerNames({ file, launcher, runtime: input.runtime, found: facts?.runtimes ?? null });
  const slug = name.replaceAll('/', '-');
  // A container's name is the user's on the whole node, so that of this launch has to be its own.
  const jobSlug = 'docker' in variables ? `${slug}-${given.id}` : slug;
  const isLong = Buffer.byteLength(`${directory}/${jobSlug}.sock`) > MAX_SOCKET;
  const link = given.isSent || isLong ? `/tmp/tunel-${given.random}` : null;
  const scriptDirectory = link === null ? directory : `${link}/d`;
  if (Buffer.byteLength(`${scriptDirectory}/${jobSlug}.sock`) > MAX_SOCKET) {
    throw new AppError(
      'path-too-long',
      message`The recipe's name is too long for the socket it makes: ${{ jobSlug }}.sock.`,
      {
        hint: 'Rename its folder.',
      },
    );
  }
  return {
    kind,
    as,
    scriptDirectory,
    link,
    jobSlug,
    variables,
    port: kind === 'port' ? portOf(name, input.args.port) : null,
  };
}

function portOf(recipe: string, value: LaunchInput['args'][string] | undefined): number | null {
  if (value === undefined || value === '' || typeof value === 'boolean') return null;
  const port = Number(value);
  if (Number.isInteger(port) && port >= 1024 && port <= 65_535) return port;
  throw new AppError(
    'bad-input',
    message`Argument “port” of recipe “${{ recipe }}”: “${{ value }}” is no port from 1024 to 65535.`,
    {
      hint: 'Leave it out, and a free one is taken.',
    },
  );
}

/** An app of which no readiness check is described: any answer means that it is there, also one that sends to a login page. */
const answers = [200, 204, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405];

/** How such an app is reached; null: a batch job. Pulling an image on first use takes its time. */
export function legacyServe(kind: LegacyKind): Serve | null {
  if (kind === 'batch') return null;
  if (kind === 'xserver') return serveSchema.parse({ protocol: 'vnc', ready: { timeout: 900 } });
  return serveSchema.parse({ listen: kind, ready: { status: answers, timeout: 900 } });
}

/** How its rendered script lets users in, as far as that can be done for them. */
interface SignIn {
  /** Jupyter takes its token from the file that JUPYTER_TOKEN_FILE names, and the gateway adds it. */
  token: Serve['token'];
  /** It makes use of TUNEL_USER and TUNEL_PASS. */
  userPass: boolean;
}

export function signInOf(script: string): SignIn {
  const runsJupyter = /\bjupyter\b/.test(script);
  return {
    token: runsJupyter ? { header: 'Authorization', value: 'token {token}' } : undefined,
    userPass: /\bTUNEL_PASS\b/.test(script),
  };
}

/** The user and the password of a launch, from its secret: random, and known again to whoever may read that. */
export const userOf = (token: string): string => `u${token.slice(0, 7)}`;
export const passwordOf = (token: string): string => token.slice(8, 40);

/** Arguments that are secrets by their name; what is not declared as one is not kept either. */
export const isSecretName = (name: string): boolean =>
  /^(?:pass|passwd|password|token|secret|api[_-]?key)$/i.test(name);
