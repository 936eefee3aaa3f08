import type { LaunchInput } from '../../shared/instances.ts';
import type { ResolvedRecipe } from '../../shared/recipe-name-policy.ts';
import type { RecipeFile, RecipeProblem, RecipeSummary } from '../../shared/recipes.ts';

export interface Recipe {
  readonly summary: RecipeSummary;
  readonly file: RecipeFile;
  /** Empty: the recipe was made in memory and has no includes of its own. */
  readonly directory: string;
  /** Shared includes of the recipes folder it is from, looked up after the app's and its own. */
  readonly sharedIncludes?: string;
  /** Text of the main template. */
  readonly template: string;
  /** Files of the recipe that go to the instance's directory, relative to `files/` of the recipe; name -> bytes. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** A recipe that a provider has, read only when no provider before it has one of that name. */
export interface FoundRecipe {
  name: string;
  /** What a problem of it names, usually a file. */
  path: string;
  read(): Recipe | RecipeProblem[];
}

/** Where the library gets recipes from: folders, accepted repositories, the user's own folders. */
export interface RecipeProvider {
  /** `problems` are those of what could not be searched at all. */
  find(): { recipes: FoundRecipe[]; problems: RecipeProblem[] };
  /** @returns what ends it */
  onChange(listener: () => void): () => void;
}

/** Every recipe there is. It reloads itself when a provider changes. */
export interface RecipeLibrary {
  list(): RecipeSummary[];
  problems(): RecipeProblem[];
  /** Which recipe a name means. @throws AppError as `resolveRecipeName` */
  resolve(asked: string): ResolvedRecipe;
  /** The recipe that a name means. @throws AppError as `resolve`; `recipe-invalid` */
  get(asked: string): Recipe;
  /** Asks all providers again, for files that the user edited. */
  reload(): void;
  /** After each reload. @returns what ends it */
  onChange(listener: () => void): () => void;
}

/** Tunel's template context: its names are its contract. */
export interface RenderContext {
  args: Record<string, string | number | boolean | string[]>;
  jobslug: string;
  jobname: string;
  port: number | string;
  scriptdir: string;
  paths: string[];
  socket: string;
  script: string;
  script_basename: string;
  log_output: string;
  log_error: string;
  log_file: string;
  workdir: string;
  modules: string[];
  /** Ours: each argument as one word for the shell, and the launcher's name. */
  tunel: { quoted: Record<string, string>; launcher: string };
}

export interface Rendered {
  context: RenderContext;
  /** The folder the includes came from. */
  includes: string;
  script: string;
  /** Values of `secret` arguments: name -> value, for files `secret-<name>` (0600) in the instance's directory. */
  secrets: Record<string, string>;
}

interface RenderInput {
  recipe: Recipe;
  args: LaunchInput['args'];
  launcher: string;
  /** Home directory and instance directory there. */
  home: string;
  directory: string;
  workDirectory: string;
  modules: string[];
  port: number | '';
  /** Of a recipe of Tunel's: its short private folder, a name of this launch's own, and the runtime's name as a variable. */
  legacy?: { scriptDirectory: string; jobSlug: string; variables: Readonly<Record<string, string>> };
}

/** Validates args against the recipe (`bad-input`, naming the argument), fills defaults, renders. */
export type Render = (input: RenderInput) => Rendered;
