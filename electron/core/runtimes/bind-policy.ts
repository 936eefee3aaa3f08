import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';

/** A directory or file of the node that the app sees in its container. */
export interface Bind {
  /** Begins with `/`, `~/` or `$TUNEL_DIR`. */
  source: string;
  /** The same beginnings; null: the same path. */
  target: string | null;
  readOnly: boolean;
}

const pathStart = /^(?:\/|~(?:\/|$)|\$TUNEL_DIR(?:\/|$))/;

/**
 * Reads `source`, `source:target` or `source:target:ro`. The runtimes part such lists at `:` and `,`, so neither can be
 * in a path.
 * @throws AppError `bad-input`
 */
export function parseBind(text: string): Bind {
  const [source = '', second, third, ...rest] = text.split(':');
  const flag = third ?? (second === 'ro' || second === 'rw' ? second : undefined);
  const target = second === flag && third === undefined ? null : (second ?? null);
  const paths = target === null ? [source] : [source, target];
  const isFine =
    rest.length === 0 &&
    (flag === undefined || flag === 'ro' || flag === 'rw') &&
    paths.every((path) => pathStart.test(path) && !/[,\0\r\n]/.test(path) && !path.split('/').includes('..'));
  if (isFine) return { source, target, readOnly: flag === 'ro' };
  throw new AppError('bad-input', message`“${{ text }}” is not a folder to bind.`, {
    hint: 'Write source, source:target or source:target:ro, each path beginning with /, ~/ or $TUNEL_DIR, without “,” and “..”.',
  });
}
