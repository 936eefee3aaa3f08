import type { RecipeFile, RecipeSummary } from '../../shared/recipes.ts';
import { scriptRuntimes } from './legacy/container-policy.ts';
import { isLegacy, kindOf, launchersOf } from './legacy/kind-policy.ts';
import { isSecretName } from './legacy/launch-policy.ts';

/** What lists and forms show of a recipe. */
export function summarize(
  name: string,
  file: RecipeFile,
  source: string,
  template = '',
  usedArgs: readonly string[] = [],
): RecipeSummary {
  return {
    name,
    title: file.title ?? name.split('/').at(-1) ?? name,
    icon: file.icon ?? 'app',
    category: file.category ?? 'Other',
    description: file.description.trim(),
    requires: file.requires ?? '',
    launchers: launchersOf(file),
    serves: file.serve !== undefined || kindOf(name, file, template) !== 'batch',
    image: file.container?.image ?? '',
    modules: (file.needs?.modules ?? []).filter((module) => module !== ''),
    scriptRuntimes: isLegacy(file) || file.needs?.xserver ? scriptRuntimes(file) : null,
    batch: file.batch ?? null,
    source,
    args: formArgs(file, usedArgs),
    resources: file.resources ?? {},
    docs: file.docs ?? '',
  };
}

/** What the recipe declares, then what only its script uses: Tunel passes any argument on. */
function formArgs({ args }: RecipeFile, used: readonly string[]): RecipeSummary['args'] {
  const declared = args ?? [];
  const names = new Set(declared.map(({ name }) => name));
  const description = 'Used by the script; the recipe says nothing about it.';
  const others = used.filter((name) => !names.has(name) && argName.test(name)).slice(0, maxUndeclared);
  const offered = others.map((name) => ({ name, description, undeclared: true as const }));
  // Tunel has no word for a secret, so a form knows it by its name.
  return [...declared, ...offered].map((arg) =>
    'type' in arg || !isSecretName(arg.name) ? arg : { ...arg, type: 'secret' },
  );
}

const argName = /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/;
const maxUndeclared = 100;
