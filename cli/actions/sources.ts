import { AppError } from '../../electron/shared/errors.ts';
import type { SourceReview } from '../../electron/shared/sources.ts';
import { confirm } from '../confirm.ts';
import { type EngineSession, withEngine } from '../engine-session.ts';
import type { JsonOption } from '../json-option.ts';
import { printDone, printJson, printProgress, printTable } from '../output.ts';

export interface SourceOptions extends JsonOption {
  ref?: string;
  yes?: boolean;
}

const shortCommit = (commit: string): string => commit.slice(0, 12);

export function listSources({ json }: SourceOptions): Promise<void> {
  return withEngine(async ({ request }) => {
    const { sources } = (await request('app.state', undefined)).state;
    if (json) return printJson(sources);
    printTable(
      ['NAME', 'COMMIT', 'BRANCH', 'ADDRESS'],
      sources.map(({ id, commit, ref, url }) => [id, shortCommit(commit), ref, url]),
    );
  });
}

export const addSource = (url: string, options: SourceOptions): Promise<void> =>
  withEngine((session) => reviewAndAccept(session, { url, ref: options.ref ?? '' }, options));

export const updateSource = (id: string, options: SourceOptions): Promise<void> =>
  withEngine((session) => reviewAndAccept(session, { id }, options));

export function removeSource(id: string, { json }: SourceOptions): Promise<void> {
  return withEngine(async ({ request }) => {
    await request('sources.remove', { id });
    printDone({ json }, { id }, `${id} is removed.`);
  });
}

type Asked = { id: string } | { url: string; ref: string };

async function reviewAndAccept({ request }: EngineSession, asked: Asked, options: SourceOptions): Promise<void> {
  const review = await request('sources.review', asked);
  if (review.commit === review.before) {
    await request('sources.discard', { key: review.key });
    if (options.json) printJson(review);
    else printProgress(`${review.url} is at ${shortCommit(review.commit)} already.`);
    return;
  }
  if (!options.json) printReview(review);
  try {
    if (!options.yes) await confirm('Use these recipes (yes/no)? ', 'Read the above, then add --yes.');
  } catch (error) {
    await request('sources.discard', { key: review.key });
    throw AppError.from(error);
  }
  const { id } = await request('sources.accept', { key: review.key });
  if (options.json) printJson({ ...review, id });
  else printProgress(`${id} is used at ${shortCommit(review.commit)}. Undo: tunel source remove ${id}`);
}

function printReview({ url, commit, before, recipes, problems, files, bytes, diff }: SourceReview): void {
  const lines = [`${url} at ${commit}, ${files} files, ${bytes} bytes`, ...(before ? [`now in use: ${before}`] : [])];
  for (const { name, title, change, may, findings } of recipes) {
    lines.push('', `${title} (${name}): ${change}`);
    if (change !== 'same') lines.push(...may.map((line) => `  ${line}`), ...findings.map(({ line }) => `  ! ${line}`));
  }
  if (problems.length > 0) lines.push('', 'Not used:', ...problems.map((line) => `  ${line}`));
  if (diff) lines.push('', diff.trimEnd());
  process.stdout.write(`${lines.join('\n')}\n`);
}
