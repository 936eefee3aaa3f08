import { AppError, throwIfAborted } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { checkAddress, maxRedirects } from './fetch-policy.ts';
import { maxSiteBytes } from './site-file.ts';

const LIMIT_MS = 15_000;

/**
 * The text at an address and where it was in the end.
 * @throws AppError `bad-input` for an address that may not be read, `not-found`, `timeout`, `site-invalid` when it is too large
 */
export async function fetchSite(
  address: string,
  { signal, limitMs = LIMIT_MS }: { signal?: AbortSignal; limitMs?: number } = {},
): Promise<{ text: string; url: string }> {
  let url = checkAddress(address);
  const late = AbortSignal.timeout(limitMs);
  const limit = signal ? AbortSignal.any([signal, late]) : late;
  try {
    for (let redirects = 0; ; redirects += 1) {
      const response = await fetch(url, {
        redirect: 'manual',
        signal: limit,
        headers: { accept: 'application/yaml, text/yaml, text/plain;q=0.9, */*;q=0.1' },
      });
      const next = response.headers.get('location');
      if (response.status >= 300 && response.status < 400 && next !== null) {
        await response.body?.cancel();
        if (redirects === maxRedirects)
          throw new AppError('not-found', message`${{ address }} leads from one address to the next.`);
        url = checkAddress(next, url);
        continue;
      }
      if (!response.ok) {
        await response.body?.cancel();
        throw new AppError(
          'not-found',
          message`${{ href: url.href }} answers ${{ status: response.status }} ${{ statusText: response.statusText }}.`,
          {
            hint: 'Open the address in a browser and look whether the file is there.',
          },
        );
      }
      return { text: await readBody(response, url), url: url.href };
    }
  } catch (error) {
    throwIfAborted(signal);
    if (error instanceof AppError) throw error;
    if (late.aborted) {
      throw new AppError(
        'timeout',
        message`${{ href: url.href }} did not answer within ${{ seconds: limitMs / 1000 }} s.`,
        {
          cause: error,
        },
      );
    }
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new AppError('not-found', message`${{ href: url.href }} could not be read.`, {
      hint: 'Where only a proxy leads out, download the file in a browser and import it from there.',
      detail: cause instanceof Error ? cause.message : String(cause),
      cause: error,
    });
  }
}

/** Never more than the limit, whatever the length header says. */
async function readBody(response: Response, url: URL): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > maxSiteBytes) {
      throw new AppError(
        'site-invalid',
        message`${{ href: url.href }} is larger than ${maxSiteBytes / 1024} KiB, so it is no site profile.`,
      );
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
