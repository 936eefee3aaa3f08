import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';

export const maxRedirects = 5;

/** 127.0.0.0/8, ::1 and localhost: nobody else can stand in between. */
function isLoopback(url: URL): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
}

/**
 * Whether a profile may be read from an address. Plain http only from this machine, and a redirect from elsewhere never
 * leads to it: a page out there must not choose what is asked of services here. @throws AppError `bad-input`
 */
export function checkAddress(text: string, from: URL | null = null): URL {
  const base = from?.href;
  if (!URL.canParse(text, base)) {
    throw new AppError('bad-input', message`${{ text }} is no address.`, { hint: 'Write https://HOST/PATH.' });
  }
  const url = new URL(text, base);
  const via = from ? ` (from ${from.href})` : '';
  if (url.username !== '' || url.password !== '') {
    throw new AppError('bad-input', 'The address of a site profile holds no user name or password.', {
      hint: 'Download the file yourself and import it from there.',
    });
  }
  const local = isLoopback(url);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) {
    throw new AppError(
      'bad-input',
      message`A site profile is read by https only, and ${{ href: url.href }}${{ via }} is not.`,
      {
        hint: 'Use an https address, or download the file and import it from there.',
      },
    );
  }
  if (local && from && !isLoopback(from)) {
    throw new AppError('bad-input', message`${{ href: from.href }} leads to ${url.href}, which is on this computer.`, {
      hint: 'Ask whoever gave you this address.',
    });
  }
  return url;
}
