/** Something a user may need of a running app, e.g. its password. */
export interface NoteValue {
  label: string;
  value: string;
  secret: boolean;
}

const MAX_NOTES = 20;
const MAX_VALUE = 2000;
/** A longer line says nothing to a person. */
const MAX_LINE = 4000;

const kinds: { label: string; secret: boolean; key: RegExp }[] = [
  { label: 'User', secret: false, key: /^(?:user|user[-_ ]?name|login)$/ },
  { label: 'Password', secret: true, key: /^(?:pass|passwd|password)$/ },
  { label: 'Token', secret: true, key: /^(?:token|auth[-_ ]?token|access[-_ ]?token)$/ },
  { label: 'Address', secret: false, key: /^(?:url|address|link)$/ },
];
const secretParameter = /([?&](?:token|access_token|auth_token|password|pwd|key)=)([^&#\s]+)/gi;

/**
 * What a recipe's `commands.post` printed: `key: value` and `key = value` lines (YAML, INI, shell, JSON), `The password is x`,
 * and addresses with what they carry. Nothing recognised: the text as it is, kept as a secret, since nobody knows what is in it.
 */
export function notesOf(output: string): NoteValue[] {
  const found: NoteValue[] = [];
  const add = (label: string, text: string, secret: boolean): void => {
    const value = text.slice(0, MAX_VALUE);
    if (value === '' || found.some((note) => note.label === label && note.value === value)) return;
    if (found.length < MAX_NOTES) found.push({ label, value, secret });
  };
  const lines = output
    .replaceAll('\r', '')
    .split('\n')
    .filter((line) => line.length <= MAX_LINE);
  for (const line of lines) {
    for (const [address] of line.matchAll(/https?:\/\/[^\s"'<>]+/g)) {
      for (const [, name = '', value = ''] of address.matchAll(secretParameter)) {
        add(/pass|pwd/i.test(name) ? 'Password' : 'Token', decode(value), true);
      }
      add('Address', address.replace(secretParameter, '$1•••'), false);
    }
    const pair = /^\s*(?:export\s+)?["']?([A-Za-z][A-Za-z_ -]{0,40}?)["']?\s*[:=]\s*(.*?)\s*,?\s*$/.exec(line);
    const said = /\b(user(?:name)?|password|token)\s+is:?\s+["']?([^\s"']+?)["']?[.,]?\s*$/i.exec(line);
    const [, key = '', value = ''] = said ?? pair ?? [];
    // Names such as TUNEL_PASS end with what they are.
    const names = [key.toLowerCase(), key.toLowerCase().split(/[_ ]/).at(-1) ?? ''];
    const kind = kinds.find((each) => names.some((name) => each.key.test(name)));
    if (kind && !/^(?:hashed|no)\b/i.test(key) && !/^https?:/.test(value))
      add(kind.label, unquoted(value), kind.secret);
  }
  const text = output.trim();
  return found.length > 0 || text === '' ? found : [{ label: 'Output', value: text.slice(0, MAX_VALUE), secret: true }];
}

const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2').trim();

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** As the state, the log and the store on this machine may hold it. */
export const masked = (notes: readonly NoteValue[]): NoteValue[] =>
  notes.map((note) => (note.secret ? { ...note, value: '' } : note));
