/** A ProxyCommand that only connects through another SSH host. */
export interface JumpCommand {
  host: string;
  /** Options for `ssh -G`, which resolves the jump host. */
  options: string[];
}

/** Options of ssh(1) that take a value. */
const withValue = 'BbcDEeFIiJLlmOoPpQRSWw';
/** Options that change nothing about where the jump host is and how it is signed in to. */
const withoutMeaning = new Set(['4', '6', 'A', 'a', 'C', 'K', 'k', 'N', 'n', 'q', 'T', 't', 'v', 'x', 'X', 'Y']);
const resolvedBySsh = new Set(['i', 'J', 'l', 'o', 'p']);

/**
 * The jump of a ProxyCommand such as `ssh -W %h:%p bastion` or `ssh bastion nc %h %p`, with ssh's own options; null for
 * one that does something else.
 */
export function parseJumpCommand(command: string): JumpCommand | null {
  const words = splitWords(command.trim().replace(/\s+2>\s*\/dev\/null$/, ''));
  if (!words) return null;
  if (words[0] === 'exec') words.shift();
  if (!/(^|\/)ssh$/.test(words.shift() ?? '')) return null;
  const parsed = parseArguments(words);
  if (!parsed) return null;
  const { host, options, target, rest } = parsed;
  const goesToHost = target === null ? isNetcat(rest) : isHostAndPort(target) && rest.length === 0;
  return goesToHost ? { host, options } : null;
}

function isHostAndPort(target: string): boolean {
  return target === '%h:%p' || target === '[%h]:%p';
}

/** `nc`, `netcat` or `ncat` to the host, with options that only set times. */
function isNetcat(words: string[]): boolean {
  const [program = '', ...parameters] = words;
  if (!/(^|\/)(nc|ncat|netcat)$/.test(program)) return false;
  const text = parameters.join(' ');
  return /^(-[qw] ?\d+ |-[NnvX46]+ )*%h %p( -[qw] ?\d+)*$/.test(text);
}

interface SshCall {
  host: string;
  options: string[];
  /** Of -W. */
  target: string | null;
  /** The remote command. */
  rest: string[];
}

function parseArguments(words: string[]): SshCall | null {
  const options: string[] = [];
  let host: string | null = null;
  let target: string | null = null;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') continue;
    if (!word.startsWith('-')) {
      // ssh itself takes options after the host, before the command.
      if (host !== null) return { host, options, target, rest: words.slice(at) };
      host = word;
      continue;
    }
    let letters = word.slice(1);
    while (letters) {
      const letter = letters[0] ?? '';
      letters = letters.slice(1);
      if (withoutMeaning.has(letter)) continue;
      if (!withValue.includes(letter)) return null;
      const value = letters || words[++at];
      if (value === undefined) return null;
      letters = '';
      if (letter === 'W') target = value;
      else if (resolvedBySsh.has(letter)) options.push(`-${letter}`, value);
      else return null;
    }
  }
  return host === null ? null : { host, options, target, rest: [] };
}

/** Words as a shell would split them; null where the shell would do more than that. */
function splitWords(text: string): string[] | null {
  const words: string[] = [];
  let rest = text;
  while (rest) {
    const match = /^(?:'[^']*'|"[^"$`\\]*"|[^\s'"$`\\;&|<>()*?#!{}])+/.exec(rest);
    if (!match) return null;
    words.push(
      match[0].replace(/'([^']*)'|"([^"]*)"/g, (_all, single?: string, double?: string) => single ?? double ?? ''),
    );
    rest = rest.slice(match[0].length);
    const space = /^\s+/.exec(rest);
    if (rest && !space) return null;
    rest = rest.slice(space?.[0].length ?? 0);
  }
  return words;
}
