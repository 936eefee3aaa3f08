import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { AppError } from '../../shared/errors.ts';

const MAX_BODY = 16 * 1024 * 1024;

/** Refuses a larger body. @throws AppError `body-too-large` */
export const limitBody = bodyLimit({
  maxSize: MAX_BODY,
  onError: async ({ req }) => {
    const { body } = req.raw;
    // A client that still sends would see a broken connection instead of the answer.
    if (body && !body.locked) await body.pipeTo(new WritableStream());
    throw new AppError('body-too-large', 'The body is larger than 16 MiB.');
  },
});

/** The body as JSON; undefined: there is none. @throws AppError `body-invalid` */
export async function readJson({ req }: Context): Promise<unknown> {
  const body = await req.text();
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new AppError('body-invalid', 'The body is not JSON.', { cause });
  }
}
