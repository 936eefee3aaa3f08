import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { type Source, type SourceReview, sourceSchema } from '../../../shared/sources.ts';
import type { Notice } from '../../../shared/state.ts';
import type { Clock } from '../../deps.ts';
import { checkGitUrl } from '../../git-url.ts';
import { DataFile } from '../../storage/data-file.ts';
import { recipesInFolders } from '../recipe-folders.ts';
import type { RecipeProvider, Render } from '../types.ts';
import { diffFolders, fetchTree } from './git.ts';
import { reviewRecipes } from './review-recipes.ts';

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

const listSchema = z.array(sourceSchema);

interface Wanted {
  key: string;
  url: string;
  ref: string;
  /** The source as it is saved now. */
  known: Source | undefined;
}

interface Pending {
  review: SourceReview;
  folder: string;
}

export const createSources = (deps: SourcesDeps): Sources => new SourceList(deps);

/** Recipes of other people, each repository at the commit the user has looked at. */
class SourceList implements Sources {
  readonly recipes: RecipeProvider;
  readonly #deps: SourcesDeps;
  readonly #root: string;
  readonly #saved: DataFile<typeof listSchema>;
  readonly #pending = new Map<string, Pending>();
  readonly #life = new AbortController();
  readonly #emitter = new EventEmitter<{ changed: [] }>();

  constructor(deps: SourcesDeps) {
    const file = { path: join(deps.data, 'sources.json'), version: 1, schema: listSchema, name: 'sources' };
    this.#deps = deps;
    this.#root = join(deps.data, 'sources');
    this.#saved = new DataFile(file, [], () => deps.clock.now(), deps.report);
    this.recipes = recipesInFolders({
      folders: () => this.list().map((source) => ({ path: this.#folderOf(source), source: source.url })),
      includes: deps.includes,
      onChange: (listener) => this.onChange(listener),
    });
    mkdirSync(this.#root, { recursive: true, mode: 0o700 });
    removeLeftReviews(this.#root, deps.clock.now());
  }

  list(): readonly Source[] {
    return this.#saved.data;
  }

  onChange(listener: () => void): () => void {
    this.#emitter.on('changed', listener);
    return () => this.#emitter.off('changed', listener);
  }

  async review(input: { url: string; ref: string } | { id: string }, callerSignal?: AbortSignal) {
    const signal = callerSignal ? AbortSignal.any([this.#life.signal, callerSignal]) : this.#life.signal;
    const known =
      'id' in input ? this.#get(input.id) : this.list().find(({ url, ref }) => url === input.url && ref === input.ref);
    const url = checkGitUrl('url' in input ? input.url : this.#get(input.id).url);
    const ref = known?.ref ?? ('ref' in input ? input.ref : '');
    const key = randomBytes(6).toString('hex');
    try {
      const review = await this.#fetchAndReview({ key, url, ref, known }, signal);
      this.#pending.set(key, { review, folder: join(this.#temporary(key), 'tree') });
      return review;
    } catch (error) {
      this.#removeTemporary(key);
      throw error;
    }
  }

  async #fetchAndReview({ key, url, ref, known }: Wanted, signal: AbortSignal): Promise<SourceReview> {
    const temporary = this.#temporary(key);
    const folder = join(temporary, 'tree');
    mkdirSync(temporary, { recursive: true, mode: 0o700 });
    const fetched = await fetchTree(url, ref, join(temporary, 'repository'), folder, signal);
    const before = known && existsSync(this.#folderOf(known)) ? this.#folderOf(known) : null;
    const { recipes, problems } = await reviewRecipes(folder, before, this.#deps, signal);
    if (recipes.length === 0) {
      throw new AppError('recipe-invalid', message`There is no recipe in ${{ url }} that can be used.`, {
        hint: 'A recipe is a folder with an app.yaml and its script.',
        detail: problems.join('\n') || undefined,
      });
    }
    return {
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
  }

  async accept(key: string) {
    const { review, folder } = this.#pending.get(key) ?? {};
    if (!review || !folder) {
      throw new AppError('not-found', 'This review is over.', { hint: 'Look at the repository again.' });
    }
    this.#pending.delete(key);
    const { url, ref, commit } = review;
    const old = review.id === null ? null : this.#get(review.id);
    const addedAt = old?.addedAt ?? this.#deps.clock.now();
    const source: Source = { id: old?.id ?? newId(url), url, ref, commit, addedAt };
    mkdirSync(join(this.#root, source.id), { recursive: true, mode: 0o700 });
    if (!existsSync(this.#folderOf(source))) renameSync(folder, this.#folderOf(source));
    this.#removeTemporary(key);
    this.#update((now) => [...now.filter((each) => each.id !== source.id), source]);
    // The library has reloaded by now, so nothing reads the old commit any more.
    if (old && old.commit !== commit) rmSync(this.#folderOf(old), { recursive: true, force: true });
    return { id: source.id };
  }

  discard(key: string): void {
    if (this.#pending.delete(key)) this.#removeTemporary(key);
  }

  async remove(id: string): Promise<void> {
    const source = this.#get(id);
    this.#update((now) => now.filter((each) => each.id !== id));
    rmSync(join(this.#root, source.id), { recursive: true, force: true });
  }

  dispose(): void {
    this.#life.abort(new AppError('cancelled', 'Tunel is closing.'));
    for (const key of this.#pending.keys()) this.#removeTemporary(key);
  }

  #get(id: string): Source {
    const found = this.list().find((source) => source.id === id);
    if (found) return found;
    throw new AppError('not-found', message`There is no source “${{ id }}”.`, {
      hint: 'See them with: tunel source list',
    });
  }

  #update(change: (current: Source[]) => Source[]): void {
    this.#saved.update(change);
    this.#emitter.emit('changed');
  }

  #folderOf(source: Pick<Source, 'id' | 'commit'>): string {
    return sourceFolder(this.#deps.data, source);
  }

  #temporary(key: string): string {
    return join(this.#root, `.${key}`);
  }

  #removeTemporary(key: string): void {
    rmSync(this.#temporary(key), { recursive: true, force: true });
  }
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
