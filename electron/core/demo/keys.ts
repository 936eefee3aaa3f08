import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readOrMakeKeyPair } from '../ssh-key-pair.ts';

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
  const host = readOrMakeKeyPair(join(folder, 'host_key'), 'tunel-demo-host');
  const user = readOrMakeKeyPair(join(folder, 'user_key'), 'tunel-demo-user');
  return {
    host: host.privateKey,
    hostPublic: host.publicKey,
    userPublic: user.publicKey,
    userKeyFile: user.path,
  };
}
