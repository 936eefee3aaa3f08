import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';

interface DemoKeys {
  /** Private, OpenSSH format. */
  host: string;
  hostPublic: string;
  userPublic: string;
  /** The private key of the user, as a file for signing in. */
  userKeyFile: string;
}

/** The demo cluster's host key and user key, made on first use (0600) below its folder (0700). */
export function readDemoKeys(folder: string): DemoKeys {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const host = readOrMake(join(folder, 'host_key'), 'tunel-demo-host');
  const user = readOrMake(join(folder, 'user_key'), 'tunel-demo-user');
  return { host: host.key, hostPublic: host.publicKey, userPublic: user.publicKey, userKeyFile: user.path };
}

function readOrMake(path: string, comment: string): { key: string; publicKey: string; path: string } {
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
  return { key: readFileSync(path, 'utf8'), publicKey: readFileSync(`${path}.pub`, 'utf8'), path };
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
