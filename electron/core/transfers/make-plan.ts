import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import type { TransferOptions } from '../../shared/transfers.ts';
import { scopeOfFailure } from './failure-policy.ts';
import { changedFile, invalidName } from './local-file-error.ts';
import { isText } from './name-policy.ts';
import type { Ends, Failure, FoundFile, PlannedItem } from './types.ts';

interface PlanRequest {
  sources: readonly string[];
  destination: string;
  links: TransferOptions['links'];
}

export interface Plan {
  items: PlannedItem[];
  failures: Failure[];
}

/** Lists what is to be copied and where each file goes, with what is there already. */
export async function makePlan(ends: Ends, request: PlanRequest, signal: AbortSignal): Promise<Plan> {
  const { source, target } = ends;
  const destination = await target.resolve(request.destination, signal);
  const plan: Plan = { items: [], failures: [] };
  const add = new PlanBuilder(ends, destination, plan);
  for (const path of request.sources) {
    try {
      const root = await source.resolve(path, signal);
      const { files, failures } = await source.tree(root, request.links, signal);
      for (const failure of failures) plan.failures.push(failure);
      for (const file of files) add.file(root, file);
    } catch (error) {
      const failure = AppError.from(error);
      if (signal.aborted || scopeOfFailure(failure) === 'connection') throw failure;
      plan.failures.push({ path, error: failure });
    }
  }
  const folders = plan.items.filter(({ kind }) => kind === 'folder').map((item) => item.target);
  const there = await target.look([destination, ...folders], signal);
  const existing = new Map([...there].map(([path, found]) => [target.identity(path), found]));
  for (const item of plan.items) item.existing = existing.get(target.identity(item.target)) ?? null;
  return plan;
}

/** Adds the files of the sources, and refuses those that have no place at the destination. */
class PlanBuilder {
  readonly #ends: Ends;
  readonly #destination: string;
  readonly #plan: Plan;
  readonly #targets = new Set<string>();
  /** Whatever is below one of these would be written where a link leads. */
  readonly #links = new Set<string>();

  constructor(ends: Ends, destination: string, plan: Plan) {
    this.#ends = ends;
    this.#destination = destination;
    this.#plan = plan;
  }

  file(root: string, file: FoundFile): void {
    const { source, target } = this.#ends;
    const path = file.name === '' ? root : source.join(root, file.name);
    const parts = [source.baseName(root), ...(file.name === '' ? [] : file.name.split('/'))];
    const name = parts.join('/');
    const place = parts.reduce((folder, part) => target.join(folder, part), this.#destination);
    const error = this.#problem(path, parts, place, file);
    if (error) {
      this.#plan.failures.push({ path, error });
      return;
    }
    const { kind, size, modified, mode, link } = file;
    if (kind === 'other') return;
    this.#targets.add(target.identity(place));
    if (kind === 'link') this.#links.add(target.identity(name));
    this.#plan.items.push({ kind, name, source: path, target: place, size, modified, mode, link, existing: null });
  }

  #problem(path: string, parts: readonly string[], place: string, { kind }: FoundFile): AppError | null {
    const { target } = this.#ends;
    if (!parts.every((part) => target.isName(part) && isText(part))) return invalidName(path);
    if (kind === 'other') {
      return new AppError('bad-input', message`${{ path }} is no file, folder or link, and is not copied.`);
    }
    if (this.#targets.has(target.identity(place))) {
      return new AppError(
        'conflict',
        message`${{ path }} has the name of another one that is copied to the same folder.`,
      );
    }
    const isBelowLink = parts.some(
      (_part, at) => at > 0 && this.#links.has(target.identity(parts.slice(0, at).join('/'))),
    );
    return isBelowLink ? changedFile(path) : null;
  }
}
