import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe is asked: WCAG 2.2 A and AA, the same with its advice, or what a change of colours can break. */
const questions = {
  wcag: { type: 'tag', values: wcag },
  all: { type: 'tag', values: [...wcag, 'best-practice'] },
  colours: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
} satisfies Record<string, RunOptions['runOnly']>;

/** What axe finds wrong in the page, a line each; and how many of its rules looked at something. */
export async function readByAxe(
  page: Page,
  question: keyof typeof questions,
): Promise<{ found: string[]; rules: number }> {
  // Once for each document: it is half a megabyte.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  // Details of what is right are not made up and sent: they are what takes longest.
  const options: RunOptions = { runOnly: questions[question], resultTypes: ['violations'] };
  return page.evaluate(async (asked) => {
    const { axe } = window as unknown as { axe: { run(context: Document, options: RunOptions): Promise<AxeResults> } };
    const { violations, passes } = await axe.run(document, asked);
    return {
      rules: violations.length + passes.length,
      found: violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`),
    };
  }, options);
}
