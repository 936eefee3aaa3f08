import { join } from 'node:path';
import { quote } from '../../shared/shell-quote.ts';
import { checkArgs } from './args.ts';
import { readBelow } from './files.ts';
import { type ReadInclude, renderTemplate } from './template.ts';
import type { Recipe, Render, RenderContext } from './types.ts';

/**
 * Renders a recipe's script with Tunel's context (names of Tunel 0.0.18's templates) and ours below `tunel`:
 * `tunel.quoted.NAME` is an argument quoted for the shell. A `secret` argument never enters the script: its place is
 * taken by a command that reads its file.
 */
export function createRender(includes: string): Render {
  return ({ recipe, args, launcher, directory, workDirectory, modules, port, legacy }) => {
    const { summary, file } = recipe;
    const values = checkArgs(summary.name, file.args ?? [], args);
    const secrets: Record<string, string> = {};
    const given: RenderContext['args'] = {};
    const quoted: Record<string, string> = {};
    for (const [name, value] of values) {
      const arg = file.args?.find((declared) => declared.name === name);
      if (arg?.type === 'secret') {
        secrets[name] = String(value);
        given[name] = `$(cat "$TUNEL_DIR/secret-${name}")`;
        quoted[name] = `"$(cat "$TUNEL_DIR/secret-${name}")"`;
        continue;
      }
      const list = arg?.split && typeof value === 'string' ? value.split(arg.split) : null;
      given[name] = list ?? value;
      quoted[name] = list ? list.map(quote).join(' ') : quote(String(value));
    }
    const slug = legacy?.jobSlug ?? summary.name.replaceAll('/', '-');
    const own = legacy?.scriptDirectory ?? directory;
    const log = join(own, 'log');
    const context: RenderContext = {
      args: given,
      jobslug: slug,
      jobname: summary.name,
      port,
      scriptdir: own,
      paths: file.needs?.paths ?? [],
      socket: join(own, `${slug}.sock`),
      script: join(own, 'script.sh'),
      script_basename: 'script.sh',
      log_output: log,
      log_error: log,
      log_file: log,
      workdir: workDirectory,
      modules: [...new Set([...(file.needs?.modules ?? []), ...modules])],
      tunel: { quoted, launcher },
    };
    const variables = { ...context, ...legacy?.variables };
    const read = readIncludes(...includeFolders(includes, recipe));
    const script = renderTemplate(join(recipe.directory, file.script), recipe.template, variables, read);
    return { context, includes, script, secrets };
  };
}

/** Where a recipe's includes are looked up: the app's shared ones, its own, those of the folder it is from. */
export function includeFolders(
  shared: string | null,
  { directory, sharedIncludes }: Pick<Recipe, 'directory' | 'sharedIncludes'>,
): string[] {
  const folders = [shared ?? '', directory, sharedIncludes ?? ''].filter((folder) => folder !== '');
  return [...new Set(folders)];
}

/** Looks an include up in these folders, in their order. */
export function readIncludes(...folders: string[]): ReadInclude {
  return (name) => {
    for (const folder of folders) {
      const text = readBelow(folder, name);
      if (text !== null) return { file: join(folder, name), text };
    }
    return null;
  };
}
