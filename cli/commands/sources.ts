import type { Command } from 'commander';
import { AppError } from '../../electron/shared/errors.ts';
import type { SourceReview } from '../../electron/shared/sources.ts';
import { agree } from '../agree.ts';
import { type OpenCore, withCore } from '../open-core.ts';
import { guarded, printJson, printTable, say } from '../output.ts';

interface Options {
  ref?: string;
  yes?: boolean;
  json?: boolean;
}

const idle = { resume: false, demo: false };
const short = (commit: string): string => commit.slice(0, 12);

export function sourceCommands(program: Command): void {
  const source = program.command('source').description('Recipes of other people, each repository at a commit you saw.');

  source
    .command('list', { isDefault: true })
    .description('the repositories whose recipes are used')
    .option('--json', 'as JSON')
    .action((options: Options) =>
      guarded(options.json === true, () =>
        withCore(idle, async ({ state }) => {
          const { sources } = state();
          if (options.json) return printJson(sources);
          printTable(
            ['NAME', 'COMMIT', 'BRANCH', 'ADDRESS'],
            sources.map(({ id, commit, ref, url }) => [id, short(commit), ref, url]),
          );
        }),
      ),
    );

  source
    .command('add <address>')
    .description('shows what the recipes of a git repository may do, then uses them at that commit')
    .option('--ref <name>', 'a branch or tag, which updates follow', '')
    .option('--yes', 'without asking')
    .option('--json', 'as JSON')
    .action((url: string, options: Options) =>
      guarded(options.json === true, () =>
        withCore(idle, (open) => take(open, { url, ref: options.ref ?? '' }, options)),
      ),
    );

  source
    .command('update <name>')
    .description('shows what changed since the commit in use, then uses the newest')
    .option('--yes', 'without asking')
    .option('--json', 'as JSON')
    .action((id: string, options: Options) =>
      guarded(options.json === true, () => withCore(idle, (open) => take(open, { id }, options))),
    );

  source
    .command('remove <name>')
    .description('uses its recipes no more; apps that run go on')
    .action((id: string) =>
      guarded(false, () =>
        withCore(idle, async ({ request }) => {
          await request('sources.remove', { id });
          say(`${id} is removed.`);
        }),
      ),
    );
}

type Asked = { id: string } | { url: string; ref: string };

async function take({ request }: OpenCore, asked: Asked, options: Options): Promise<void> {
  const review = await request('sources.review', asked);
  if (review.commit === review.before) {
    await request('sources.discard', { key: review.key });
    if (options.json) printJson(review);
    else say(`${review.url} is at ${short(review.commit)} already.`);
    return;
  }
  if (!options.json) show(review);
  try {
    if (!options.yes) await agree('Use these recipes (yes/no)? ', 'Read the above, then add --yes.');
  } catch (error) {
    await request('sources.discard', { key: review.key });
    throw AppError.from(error);
  }
  const { id } = await request('sources.accept', { key: review.key });
  if (options.json) printJson({ ...review, id });
  else say(`${id} is used at ${short(review.commit)}. Undo: tunel source remove ${id}`);
}

function show({ url, commit, before, recipes, problems, files, bytes, diff }: SourceReview): void {
  const lines = [`${url} at ${commit}, ${files} files, ${bytes} bytes`, ...(before ? [`now in use: ${before}`] : [])];
  for (const { name, title, change, may, findings } of recipes) {
    lines.push('', `${title} (${name}): ${change}`);
    if (change !== 'same') lines.push(...may.map((line) => `  ${line}`), ...findings.map(({ line }) => `  ! ${line}`));
  }
  if (problems.length > 0) lines.push('', 'Not used:', ...problems.map((line) => `  ${line}`));
  if (diff) lines.push('', diff.trimEnd());
  process.stdout.write(`${lines.join('\n')}\n`);
}
