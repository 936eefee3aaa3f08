import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, storageError } from '../../client/storage-error.ts';
import { type KeyPairFile, readOrMakeKeyPair } from '../ssh-key-pair.ts';

/** Host keys are remembered for so many names. */
const MOST_HOSTS = 1000;

/** What ssh needs for the hosts that `tunel proxy` reaches, in a private folder of the data directory. */
export class SshFiles {
  readonly folder: string;
  readonly knownHosts: string;
  #keyPair: KeyPairFile | null = null;

  constructor(data: string) {
    this.folder = join(data, 'ssh');
    this.knownHosts = join(this.folder, 'known_hosts');
  }

  /** The key by which other tools sign in at an sshd that Tunel starts; made on first use. @throws AppError `storage` */
  keyPair(): KeyPairFile {
    if (!this.#keyPair) {
      try {
        mkdirSync(this.folder, { recursive: true, mode: 0o700 });
        this.#keyPair = readOrMakeKeyPair(join(this.folder, 'id_ed25519'), 'tunel');
      } catch (cause) {
        throw storageError(this.folder, cause);
      }
    }
    return this.#keyPair;
  }

  /** Makes these the only host keys of these names. @throws AppError `storage` */
  rememberHostKeys(names: readonly string[], keys: readonly string[]): void {
    const lines = this.#read(this.knownHosts).split('\n');
    const others = lines.filter((line) => line !== '' && !names.includes(line.split(' ')[0] ?? ''));
    const own = names.flatMap((name) => keys.map((key) => `${name} ${key}`));
    const text = `${[...others, ...own].slice(-MOST_HOSTS).join('\n')}\n`;
    if (text !== `${lines.join('\n')}`) this.write(this.knownHosts, text);
  }

  /** Replaces a file of the folder as a whole. @throws AppError `storage` */
  write(path: string, text: string): void {
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      writeFileSync(`${path}.tmp`, text, { mode: 0o600 });
      renameSync(`${path}.tmp`, path);
    } catch (cause) {
      throw storageError(path, cause);
    }
  }

  #read(path: string): string {
    try {
      return readFileSync(path, 'utf8');
    } catch (cause) {
      if (errorCode(cause) === 'ENOENT') return '';
      throw storageError(path, cause);
    }
  }
}
