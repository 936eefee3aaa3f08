import { dialects } from '../electron/shared/directives/index.ts';
import { readDirectives } from '../electron/shared/directives/script.ts';
import { AppError } from '../electron/shared/errors.ts';
import { message } from '../electron/shared/messages.ts';
import { quoteAll } from '../electron/shared/shell-quote.ts';

/** What an argument of a launch holds. */
const MOST = 100_000;

/**
 * The text that is submitted for a script and its arguments. Without arguments it is the script. With arguments the script
 * becomes a file beside it, run by its own first line, and its option lines (`#SBATCH` and the like) come first, where
 * the scheduler's are looked for.
 * @throws AppError `bad-input` for a script that cannot run there
 */
export function scriptText(name: string, text: string, args: readonly string[]): string {
  const wrong = (why: string, hint: string) =>
    new AppError('bad-input', message`${{ name }} ${{ problem: why }}.`, { hint });
  if (text.trim() === '') throw wrong('is empty', 'Write a script into it, beginning with e.g. #!/bin/bash.');
  if (text.includes('\0') || text.includes('�')) {
    throw wrong('is no text', 'To run a program, write a script that calls it by its path on the cluster.');
  }
  if (/\r$/m.test(text)) {
    throw wrong('has the line ends of Windows, with which no shell runs it', `Mend it with: dos2unix ${name}`);
  }
  const whole = text.endsWith('\n') ? text : `${text}\n`;
  const made = args.length === 0 ? whole : withArguments(whole, args);
  if (Buffer.byteLength(made) > MOST) {
    throw wrong(`is longer than ${MOST} bytes`, 'Copy it to the cluster, and submit a short script that calls it.');
  }
  return made;
}

function withArguments(text: string, args: readonly string[]): string {
  const lines = text.split('\n');
  const end = freeWord(lines);
  const shebang = text.startsWith('#!') ? '' : '#!/bin/bash\n';
  return `#!/bin/sh
${optionLines(text)}cat >"$TUNEL_DIR/job" <<'${end}'
${shebang}${text}${end}
chmod 700 "$TUNEL_DIR/job"
exec "$TUNEL_DIR/job" ${quoteAll(args)}
`;
}

/** Those that any scheduler with directives would find, in their order. */
function optionLines(text: string): string {
  const found = Object.values(dialects).flatMap((dialect) =>
    dialect && dialect.prefix !== '' ? readDirectives(text, dialect) : [],
  );
  const inOrder = [...new Map(found.map(({ from, to }) => [from, text.slice(from, to)])).entries()];
  return inOrder
    .sort(([a], [b]) => a - b)
    .map(([, line]) => `${line}\n`)
    .join('');
}

function freeWord(lines: readonly string[]): string {
  let word = 'END_OF_SCRIPT';
  while (lines.includes(word)) word += '_';
  return word;
}
