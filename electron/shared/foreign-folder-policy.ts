export interface ForeignFolder {
  kind: 'recipe' | 'recipes' | 'open-ondemand' | 'open-ondemand-web';
  message: string;
  hint: string;
}

/** A folder that is an app of another kind than a folder of one's own is, by the names of its files; null: none we know. */
export function describeForeignFolder(names: readonly string[], path = 'DIR'): ForeignFolder | null {
  const has = (...wanted: string[]) => wanted.some((name) => names.includes(name));
  if (has('app.yaml') && names.some((name) => /^[^/]+\.(sh|sbatch|sub)$|^templates?\//.test(name))) {
    return {
      kind: 'recipe',
      message: 'This is a recipe.',
      hint: `Add the folder that holds it: tunel recipes add ${parentOf(path)}; check it with: tunel lint ${path}.`,
    };
  }
  if (has('manifest.yml') || has('submit.yml', 'submit.yml.erb')) {
    if (has('form.yml', 'form.yml.erb', 'submit.yml', 'submit.yml.erb')) {
      return {
        kind: 'open-ondemand',
        message: 'This is an interactive app of Open OnDemand, which starts from templates of its own.',
        hint: 'Make a recipe of it: its template/script.sh.erb starts the app, form.yml has the arguments, submit.yml the resources. Begin with: tunel new static NAME; docs/recipes.md has the fields.',
      };
    }
    if (has('config.ru')) {
      return {
        kind: 'open-ondemand-web',
        message: 'This is a Passenger app of Open OnDemand in Ruby.',
        hint: 'Write the line that starts it, such as: bundle exec rackup -o 127.0.0.1 -p $TUNEL_PORT, with a port.',
      };
    }
  }
  if (!has('app.yaml') && names.some((name) => /^[^/]+(\/[^/]+)*\/app\.yaml$/.test(name))) {
    return {
      kind: 'recipes',
      message: 'This is a folder with recipes.',
      hint: `Use them with: tunel recipes add ${path}.`,
    };
  }
  return null;
}

const parentOf = (path: string): string =>
  path === 'DIR' ? 'its parent folder' : path.replace(/\/+$/, '').replace(/\/?[^/]*$/, '') || '/';
