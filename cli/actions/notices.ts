import { withEngine } from '../engine-session.ts';
import type { JsonOption } from '../json-option.ts';
import { printDone, printJson, printTable } from '../output.ts';

/** What the user should know that is about no cluster or app. */
export function listNotices({ json }: JsonOption): Promise<void> {
  return withEngine(async ({ request }) => {
    const { notices } = (await request('app.state', undefined)).state.system;
    if (json) return printJson(notices);
    printTable(
      ['ID', 'TITLE', 'TEXT'],
      notices.map(({ id, title, text }) => [id, title, text.replaceAll(/\s+/g, ' ').trim()]),
    );
  });
}

export function dismissNotice(id: string, options: JsonOption): Promise<void> {
  return withEngine(async ({ request }) => {
    await request('notices.dismiss', { id });
    printDone(options, { id }, 'It is not shown any more.');
  });
}
