import { createHash, randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { type RecipeReview, type Source, type SourceReview, sourceSchema } from '../../../shared/sources.ts';
import type { Notice } from '../../../shared/state.ts';
import type { Clock } from '../../deps.ts';
import { checkGitUrl } from '../../git-url.ts';
import { DataFile } from '../../storage/data-file.ts';
import { createRecipeLibrary } from '../library.ts';
import { lintRecipe } from '../lint/lint-recipe.ts';
import { recipesInFolders } from '../recipe-folders.ts';
import type { Recipe, RecipeProvider, Render } from '../types.ts';
import { diffFolders, fetchTree } from './git.ts';
import { findingLine, hasChanged, mayDo } from './review-policy.ts';

interface SourcesDeps {
  /** Everything of ours on this machine. */
  data: string;
  /** The app's shared includes. */
  includes: string;
  render: Render;
  clock: Clock;
  /** Called with each thing that the user should know about the file of sources. */
  report: (notice: Notice) => void;
}

export interface Sources {
  list(): readonly Source[];
  readonly recipes: RecipeProvider;
  /** After a source was accepted or removed. @returns what ends it */
  onChange(listener: () => void): () => void;
  /** Fetches the newest commit and lists what it may do. Nothing of it is used yet. @throws AppError `bad-input`, `command-failed` */
  review(input: { url: string; ref: string } | { id: string }, signal?: AbortSignal): Promise<SourceReview>;
  /** Takes over what was reviewed, exactly that commit. */
  accept(key: string): Promise<{ id: string }>;
  discard(key: string): void;
  remove(id: string): Promise<void>;
  dispose(): void;
}

interface Pending {
  review: SourceReview;
  folder: string;
}

/** Recipes of other people, each repository at the commit the user has looked at. */
export function createSources(deps: SourcesDeps): Sources {
  const root = join(deps.data, 'sources');
  const file = { path: join(deps.data, 'sources.json'), version: 1, schema: z.array(sourceSchema), words: 'sources' };
  const saved = new DataFile(file, [], () => deps.clock.now(), deps.report);
  const pending = new Map<string, Pending>();
  const life = new AbortController();
  const emitter = new EventEmitter<{ changed: [] }>();
  const onChange = (listener: () => void) => {
    emitter.on('changed', listener);
    return () => emitter.off('changed', listener);
  };
  const folderOf = (source: Pick<Source, 'id' | 'commit'>): string => sourceFolder(deps.data, source);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  removeLeftReviews(root, deps.clock.now());

  const get = (id: string): Source => {
    const found = saved.data.find((source) => source.id === id);
    if (found) return found;
    throw new AppError('not-found', `There is no source “${id}”.`, { hint: 'See them with: tunel source list' });
  };
  const update = (change: (current: Source[]) => Source[]): void => {
    saved.update(change);
    emitter.emit('changed');
  };

  async function describe(
    folder: string,
    before: string | null,
    signal: AbortSignal,
  ): Promise<Pick<SourceReview, 'recipes' | 'problems'>> {
    const library = createRecipeLibrary([
      recipesInFolders({ folders: () => [{ path: folder, source: 'review' }], includes: deps.includes }),
    ]);
    const old = before ? hashes(before) : new Map<string, string>();
    const now = hashes(folder);
    const recipes: RecipeReview[] = [];
    for (const { name } of library.list()) {
      const recipe = library.get(name);
      const isOld = old.has(`${name}/app.yaml`);
      const change = !isOld ? 'new' : hasChanged(name, old, now) ? 'changed' : 'same';
      recipes.push({
        name,
        title: recipe.summary.title,
        change,
        may: mayDo(recipe),
        findings: await lint(recipe, folder, signal),
      });
    }
    for (const path of old.keys()) {
      if (!path.endsWith('/app.yaml') || now.has(path)) continue;
      const name = path.slice(0, -'/app.yaml'.length);
      recipes.push({ name, title: name, change: 'removed', may: [], findings: [] });
    }
    const problems = library.problems().map(({ file: path, line, message }) => {
      return `${relative(folder, path)}${line === null ? '' : `:${line}`}: ${message}`;
    });
    return { recipes, problems };
  }

  async function lint(recipe: Recipe, folder: string, signal: AbortSignal): Promise<RecipeReview['findings']> {
    const { findings } = await lintRecipe(recipe, deps.render, signal);
    return findings.map((finding) => ({ level: finding.level, line: findingLine(folder, finding) }));
  }

  return {
    list: () => saved.data,
    recipes: recipesInFolders({
      folders: () => saved.data.map((source) => ({ path: folderOf(source), source: source.url })),
      includes: deps.includes,
      onChange,
    }),
    onChange,
    async review(input, asked) {
      const signal = asked ? AbortSignal.any([life.signal, asked]) : life.signal;
      const known =
        'id' in input ? get(input.id) : saved.data.find(({ url, ref }) => url === input.url && ref === input.ref);
      const url = checkGitUrl('url' in input ? input.url : get(input.id).url);
      const ref = known?.ref ?? ('ref' in input ? input.ref : '');
      const key = randomBytes(6).toString('hex');
      const temporary = join(root, `.${key}`);
      const folder = join(temporary, 'tree');
      try {
        mkdirSync(temporary, { recursive: true, mode: 0o700 });
        const fetched = await fetchTree(url, ref, join(temporary, 'repository'), folder, signal);
        const before = known && existsSync(folderOf(known)) ? folderOf(known) : null;
        const { recipes, problems } = await describe(folder, before, signal);
        if (recipes.length === 0) {
          throw new AppError('recipe-invalid', `There is no recipe in ${url} that can be used.`, {
            hint: 'A recipe is a folder with an app.yaml and its script.',
            detail: problems.join('\n') || undefined,
          });
        }
        const review: SourceReview = {
          key,
          id: known?.id ?? null,
          url,
          ref,
          commit: fetched.commit,
          before: known?.commit ?? null,
          recipes,
          problems: [...problems, ...fetched.left],
          files: fetched.files,
          bytes: fetched.bytes,
          diff: before ? await diffFolders(before, folder, signal) : '',
        };
        pending.set(key, { review, folder });
        return review;
      } catch (error) {
        rmSync(temporary, { recursive: true, force: true });
        throw error;
      }
    },
    async accept(key) {
      const { review, folder } = pending.get(key) ?? {};
      if (!review || !folder) {
        throw new AppError('not-found', 'This review is over.', { hint: 'Look at the repository again.' });
      }
      pending.delete(key);
      const { url, ref, commit } = review;
      const old = review.id === null ? null : get(review.id);
      const source: Source = { id: old?.id ?? newId(url), url, ref, commit, addedAt: old?.addedAt ?? deps.clock.now() };
      mkdirSync(join(root, source.id), { recursive: true, mode: 0o700 });
      if (!existsSync(folderOf(source))) renameSync(folder, folderOf(source));
      rmSync(join(root, `.${key}`), { recursive: true, force: true });
      update((now) => [...now.filter((each) => each.id !== source.id), source]);
      // The library has reloaded by now, so nothing reads the old commit any more.
      if (old && old.commit !== commit) rmSync(folderOf(old), { recursive: true, force: true });
      return { id: source.id };
    },
    discard(key) {
      if (pending.delete(key)) rmSync(join(root, `.${key}`), { recursive: true, force: true });
    },
    async remove(id) {
      const source = get(id);
      update((now) => now.filter((each) => each.id !== id));
      rmSync(join(root, source.id), { recursive: true, force: true });
    },
    dispose() {
      life.abort(new AppError('cancelled', 'Tunel is closing.'));
      for (const key of pending.keys()) rmSync(join(root, `.${key}`), { recursive: true, force: true });
    },
  };
}

/** Where the recipes of a source are on this machine. @param data our data directory */
export const sourceFolder = (data: string, { id, commit }: Pick<Source, 'id' | 'commit'>): string =>
  join(data, 'sources', id, commit);

const REVIEW_KEPT = 24 * 60 * 60_000;

/** What a crash left of reviews; a young one may be another process's. */
function removeLeftReviews(root: string, now: number): void {
  for (const name of readdirSync(root)) {
    const path = join(root, name);
    if (name.startsWith('.') && now - statSync(path).mtimeMs > REVIEW_KEPT) rmSync(path, { recursive: true });
  }
}

/** Path -> hash of every file below a folder. */
function hashes(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    paths.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path), createHash('sha256').update(readFileSync(path)).digest('hex')];
    }),
  );
}

/** `recipes-a1b2c3`: the last part of the address, readable, and never one that was there before. */
function newId(url: string): string {
  const name =
    url
      .replace(/(\.git)?\/*$/, '')
      .split(/[/:]/)
      .at(-1) ?? '';
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `${slug || 'recipes'}-${randomBytes(3).toString('hex')}`;
}
