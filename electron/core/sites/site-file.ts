import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { type SiteProfile, siteProfileSchema } from '../../shared/sites.ts';
import { readStrictYaml } from '../strict-yaml.ts';

export const maxSiteBytes = 64 * 1024;

/** Reads a site profile. @throws AppError `site-invalid`, naming each field and its line */
export function parseSite(source: string, text: string): SiteProfile {
  if (/^\s*</.test(text)) {
    throw new AppError('site-invalid', message`${{ source }} is a web page, not a site profile.`, {
      hint: 'Give the address of the file itself; on most code hosts the button is called Raw.',
    });
  }
  const read = readStrictYaml(text, siteProfileSchema, { maxBytes: maxSiteBytes });
  if (read.data !== null) return read.data;
  const problems = read.problems.map(({ line, field, message }) =>
    printable(`${line === null ? '' : `line ${line}: `}${field === '' ? '' : `${field}: `}${message}`),
  );
  throw new AppError(
    'site-invalid',
    message`The site profile ${{ source }} has errors: ${{ problem: problems[0] ?? '' }}`,
    {
      hint: 'docs/sites.md says what a profile may hold.',
      detail: problems.slice(0, 50).join('\n'),
    },
  );
}

/** A key of the file may be anything, and this text is printed on terminals. */
const printable = (text: string): string =>
  text.replace(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '\u{fffd}').slice(0, 500);
