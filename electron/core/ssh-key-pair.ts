import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import ssh2 from 'ssh2';

export interface KeyPairFile {
  /** Of the private key, in OpenSSH's format. */
  path: string;
  privateKey: string;
  publicKey: string;
}

/** A key pair kept in a file (0600) and the same name with `.pub`; made on first use. Its folder must exist. */
export function readOrMakeKeyPair(path: string, comment: string): KeyPairFile {
  if (!isKey(path) || !isKey(`${path}.pub`)) {
    const pair = makePair(comment);
    for (const [name, text] of [
      [`${path}.pub`, pair.public],
      [path, pair.private],
    ] as const) {
      writeFileSync(`${name}.tmp`, `${text.trim()}\n`, { mode: 0o600 });
      renameSync(`${name}.tmp`, name);
    }
  }
  return { path, privateKey: readFileSync(path, 'utf8'), publicKey: readFileSync(`${path}.pub`, 'utf8') };
}

const parses = (text: string): boolean => !(ssh2.utils.parseKey(text) instanceof Error);
const isKey = (path: string): boolean => existsSync(path) && parses(readFileSync(path, 'utf8'));

type Pair = ReturnType<typeof ssh2.utils.generateKeyPairSync>;

/** ssh2 1.17 drops a leading zero byte: one pair of some 280 cannot be read again, so it is made anew. */
export function makePair(
  comment: string,
  generate: () => Pair = () => ssh2.utils.generateKeyPairSync('ed25519', { comment }),
): Pair {
  for (;;) {
    const pair = generate();
    if (parses(pair.private) && parses(pair.public)) return pair;
  }
}
