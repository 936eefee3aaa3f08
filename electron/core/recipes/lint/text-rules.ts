import type { Finding } from './types.ts';

type Rule = Pick<Finding, 'level' | 'rule' | 'message' | 'hint'> & { finds(line: string): boolean };

const matches =
  (pattern: RegExp) =>
  (line: string): boolean =>
    pattern.test(line);

const bind = '(?:ip|host|hostname|bind|address|addr|listen|server\\.address|www-address)';
const allInterfaces = new RegExp(
  `(?:^|[\\s=:'"@])(?:0\\.0\\.0\\.0|\\[::\\])(?=[:\\s'"/,)]|$)|--?(?:\\w+\\.)?${bind}[= ]['"]?(?:\\*|::)['"]?(?:\\s|$)`,
  'i',
);
/** Programs that listen on every network unless they are told an address. */
const openByDefault: readonly ((line: string) => boolean)[] = [
  (line) => /\s-m\s+http\.server\b/.test(line) && !/\s(?:-b|--bind)\b/.test(line),
  // `-p 8080:80` of a container engine; an address before the port keeps it to that address.
  (line) =>
    /\b(?:docker|podman|\$engine)["']?\s+(?:container\s+)?(?:run|create)\b/.test(line) &&
    /\s(?:-p|--publish)[= ]?["']?[^\s:.[\]]+:[^\s:.]+["']?(?=\s|$)/.test(line),
  (line) => /\bwebsockify\b/.test(line) && /\s\d+\s+[\w.-]+:\d+/.test(line),
  (line) =>
    /(?:^|[\s;&|(/])(?:tiger)?vncserver\s/.test(line) && !/\s-(?:localhost|kill|list|rfbport[= ]-1)\b/.test(line),
];

/** A word below /tmp whose name anybody can guess; `$` or `XXXX` in it means that it is made up at run time. */
const temporaryName = /(?:^|[\s=:'"<>(])\/(?:var\/)?tmp\/[\w.+-]+(?![\w.+/-]*(?:\$|XXXX|\{\{))/;
const secretOption =
  /\s--?[\w.-]*(?:password|passwd|token|secret|api-?key)(?:=|\s+)(?!(?:['"]{2}|[01]|true|false)(?:\s|$)|-)[^\s|;&]/i;
const secretBefore = /\s-p(?:ass(?:word)?)?[ =]?["']?\$\{?\w*(?:PASS|TOKEN|SECRET)/i;

/** What can be seen in a line of a script, before or after it was rendered. */
const rules: readonly Rule[] = [
  {
    level: 'error',
    rule: 'all-interfaces',
    finds: (line) => allInterfaces.test(line) || openByDefault.some((opens) => opens(line)),
    message: 'It listens on every network of the node: whoever reaches the node reaches the app.',
    hint: 'Listen on the socket $TUNEL_SOCKET, or on 127.0.0.1 and demand a token.',
  },
  {
    level: 'warning',
    rule: 'temporary-name',
    finds: (line) => temporaryName.test(line) && !/\bmktemp\b/.test(line),
    message: 'A name below /tmp that anybody can guess: another user of the node can put something there first.',
    hint: 'Use $TUNEL_DIR, which only you can enter, or mktemp.',
  },
  {
    level: 'error',
    rule: 'secret-argument',
    finds: (line) => secretOption.test(line) || secretBefore.test(line),
    message: 'A secret on a command line is read by every user of the node, with ps.',
    hint: 'Let the program read the file $TUNEL_TOKEN_FILE, or give it by its environment or its input.',
  },
  {
    level: 'warning',
    rule: 'open-mode',
    finds: matches(
      /\bchmod\s+(?:-R\s+)?(?:0?[0-7]?[0-7][2367][0-7]|0?[0-7]?[0-7][0-7][2367]|[ugo]*[ao][ugo]*\+\w*w)\b|\bumask\s+0*[0-6]?0\b/,
    ),
    message: 'Files become writable for others.',
    hint: 'Keep them to yourself: umask 077.',
  },
  {
    level: 'warning',
    rule: 'download-runs',
    finds: matches(/\b(?:curl|wget)\b[^|]*\|\s*(?:sudo\s+)?(?:ba|z|k)?sh\b/),
    message: 'It runs what it downloads, whatever that is by then.',
    hint: 'Download to a file, check its sum, then run it.',
  },
  {
    level: 'warning',
    rule: 'sudo',
    finds: matches(/(?:^|[\s;&|(])sudo\s/),
    message: 'sudo asks for a password, and nobody is there to give one.',
    hint: 'Run it as the user.',
  },
  {
    level: 'warning',
    rule: 'unquoted-argument',
    finds: (line) => /\{\{-?\s*args\.\w+\s*(?:\|[^}]*)?-?\}\}/.test(outsideQuotes(line)),
    message: 'A value of the form becomes shell text as it is: a space or $(...) in it is run.',
    hint: 'Write {{ tunel.quoted.NAME }} instead of {{ args.NAME }}.',
  },
  {
    level: 'warning',
    rule: 'unguarded-remove',
    finds: (line) =>
      /\brm\s+-\w*r\w*\s+(?:-\w+\s+)*(?:--\s+)?(?:\$\w+|\$\{\w+\}|\{\{[^}]*\}\})(?:\/|\s|$)/.test(outsideQuotes(line)),
    message: 'Empty or with a space in it, this removes something else.',
    hint: 'Quote it, and stop when it is empty.',
  },
];

/** Single- and double-quoted parts of a line left out. */
function outsideQuotes(line: string): string {
  return line.replace(/'[^']*'|"(?:\\.|[^"\\])*"/g, '');
}

/** The lines of a program, in whatever language, that let it listen on every network. */
export const findOpenLines = (file: string, text: string): Finding[] =>
  lintText(file, text).filter(({ rule }) => rule === 'all-interfaces');

/** Comments say things; lines for a scheduler do things. */
const isComment = (line: string): boolean => /^\s*#(?!SBATCH|\$|PBS|BSUB)/.test(line);

/** A longer line is no script that a person reads, and the rules would look at it for very long. */
const maxLine = 2000;
const longLine = {
  level: 'warning',
  rule: 'long-line',
  message: `The line has more than ${maxLine} characters and was not looked at.`,
  hint: 'Break it, or send it along as a file.',
} as const;

/** Findings of one script, in order; `file` is how it is named. */
export function lintText(file: string, text: string): Finding[] {
  return text.split('\n').flatMap((line, index) => {
    if (isComment(line)) return [];
    if (line.length > maxLine) return [{ ...longLine, file, line: index + 1 }];
    return rules
      .filter((rule) => rule.finds(line))
      .map(({ level, rule, message, hint }) => ({ level, rule, file, line: index + 1, message, hint }));
  });
}
