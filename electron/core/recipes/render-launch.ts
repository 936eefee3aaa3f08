import type { ClusterFacts } from '../../shared/clusters.ts';
import type { LaunchInput } from '../../shared/instances.ts';
import type { LauncherName } from '../../shared/kinds.ts';
import { type Serve, serveSchema } from '../../shared/recipes.ts';
import { type LegacyLaunch, legacyServe, planLegacyLaunch } from './legacy/launch-policy.ts';
import type { Recipe, Render, Rendered } from './types.ts';

interface RenderLaunchInput {
  id: string;
  recipe: Recipe;
  input: Pick<LaunchInput, 'args' | 'runtime'>;
  launcher: LauncherName;
  /** null: never connected, nothing is ruled out. */
  facts: Pick<ClusterFacts, 'runtimes'> | null;
  home: string;
  /** Of the instance. */
  directory: string;
  /** Its jobs do not see that directory under this path. */
  isSent: boolean;
  /** Absolute; empty: `work` of the job's own directory. */
  workDirectory: string;
  modules: string[];
  /** Letters nobody can guess, and a port for an app that listens on one and was given none. */
  random: string;
  newPort: () => number;
}

export interface RenderedLaunch {
  rendered: Rendered;
  /** What is special about a recipe of Tunel's; null: one of ours. */
  legacy: LegacyLaunch | null;
  /** How it is reached; null: a batch job. */
  serve: Serve | null;
  port: number | null;
}

/** A recipe's script as a launch sends it. @throws AppError `bad-input`, `template-invalid`, `path-too-long` */
export function renderLaunch(render: Render, request: RenderLaunchInput): RenderedLaunch {
  const { recipe, input, launcher, home, directory, isSent, workDirectory, modules } = request;
  const legacy = planLegacyLaunch(request);
  const asIs = legacy ? legacyServe(legacy.kind) : serveSchema.parse({});
  const serve = recipe.summary.serves ? (recipe.file.serve ?? asIs) : null;
  const port = serve?.listen === 'port' ? (legacy?.port ?? request.newPort()) : null;
  const rendered = render({
    recipe,
    args: input.args,
    launcher,
    home,
    directory: isSent ? '$TUNEL_DIR' : directory,
    workDirectory: workDirectory || '$TUNEL_DIR/work',
    modules,
    port: port ?? '',
    ...(legacy ? { legacy } : {}),
  });
  return { rendered, legacy, serve, port };
}

/** As a launch would render it, with a directory, a name and a port that stay the same: to be read, not to be run. */
export function renderPreview(
  render: Render,
  given: Pick<RenderLaunchInput, 'recipe' | 'input' | 'launcher' | 'isSent'> & { home: string },
): RenderedLaunch {
  return renderLaunch(render, {
    ...given,
    id: 'preview',
    facts: null,
    directory: `${given.home}/.tunel/preview`,
    workDirectory: given.isSent ? '' : given.home,
    modules: given.recipe.file.needs?.modules ?? [],
    random: 'preview',
    newPort: () => 20_000,
  });
}
