import { AppError } from '../../shared/errors.ts';
import { decodeName } from '../../shared/file-names.ts';
import type { FileEntry } from '../../shared/files.ts';

const kinds: Readonly<Record<string, FileEntry['kind']>> = { d: 'folder', f: 'file' };

/** A name, or where a link leads, is much shorter. */
const MOST_FIELD_BYTES = 1024 * 1024;

/** Reads what the scripts of list-script.ts print, piece by piece. */
export class EntryReader {
  /** The folder's path, once it was read. */
  path = '';
  #rest: Uint8Array = new Uint8Array();
  #fields: Uint8Array[] = [];
  #hasPath = false;

  /** Whether nothing was begun that is not whole. */
  get isWhole(): boolean {
    return this.#hasPath && this.#rest.length === 0 && this.#fields.length === 0;
  }

  /** The entries that are whole with this piece. @throws AppError `command-failed` when what comes is none of it */
  push(piece: Uint8Array): FileEntry[] {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const entries: FileEntry[] = [];
    let from = 0;
    for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, from)) {
      const entry = this.#take(bytes.subarray(from, end));
      if (entry) entries.push(entry);
      from = end + 1;
    }
    this.#rest = bytes.subarray(from);
    if (this.#rest.length > MOST_FIELD_BYTES) {
      throw new AppError('command-failed', 'The cluster printed something other than the entries of a folder.');
    }
    return entries;
  }

  #take(field: Uint8Array): FileEntry | null {
    if (!this.#hasPath) {
      this.path = decodeName(field);
      this.#hasPath = true;
      return null;
    }
    this.#fields.push(field);
    const [facts, name, target] = this.#fields;
    if (!facts || !name || !target) return null;
    this.#fields = [];
    return readEntry(Buffer.from(facts).toString('latin1'), decodeName(name), decodeName(target));
  }
}

/** A name as only a cluster that lies can give it: whoever copies the folder would write elsewhere. */
const leadsElsewhere = (name: string): boolean => name === '.' || name === '..' || name.includes('/');

const numberOr = (text: string): number | null => (text === '-' || text === '' ? null : Number(text));

/** `owner` is still the number of the user. */
function readEntry(facts: string, name: string, target: string): FileEntry | null {
  const [, own = '', behind = '', size = '', modified = '', mode = '', user = ''] =
    /^(.)(.) (\d+|-) (-?[\d.]+|-) ([0-7]+|-) (\d+|-)$/.exec(facts) ?? [];
  if (name === '' || own === '' || leadsElsewhere(name)) return null;
  const link = own === 'l';
  const at = numberOr(modified);
  return {
    name,
    kind: kinds[behind] ?? 'other',
    link,
    size: link || own !== 'f' ? null : numberOr(size),
    modified: at === null ? null : Math.round(at * 1000),
    mode: mode === '-' ? null : Number.parseInt(mode, 8),
    owner: user === '-' ? null : user,
    target: link && target !== '' ? target : null,
  };
}
