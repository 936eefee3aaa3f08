import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { quote } from '../../../shared/shell-quote.ts';
import { type HopAddress, nameHop, systemCode } from '../dial/connect-errors.ts';
import {
  fingerprint,
  type HostKeyAlgorithm,
  judgeHostKey,
  type KnownHost,
  keyTypeOf,
  knownHostName,
  matchesHost,
  orderAlgorithms,
  parseKnownHosts,
} from './known-hosts.ts';
import { isRevoked } from './revoked-keys.ts';

/** The user's own files, as OpenSSH reads them. */
export function usualKnownHostsFiles(): string[] {
  const ssh = join(homedir(), '.ssh');
  return [join(ssh, 'known_hosts'), join(ssh, 'known_hosts2'), '/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'];
}

interface HostKeyQuestion {
  keyType: string;
  fingerprint: string;
  /** The line that would accept a certificate of this host, which only OpenSSH itself checks. */
  authority?: { file: string; line: number };
}

/** One host's keys as the files know them; made anew for each connection, so that a mended file counts at once. */
export interface HostKeyCheck {
  readonly algorithms: HostKeyAlgorithm[];
  /** The lines that name this host. */
  readonly known: readonly KnownHost[];
  /** Resolves when the key is good, else rejects: `host-key-changed`, `host-key-revoked`, `host-key-refused`, `cancelled`. */
  verify(blob: Buffer): Promise<void>;
}

interface HostKeyOptions {
  address: HopAddress;
  /** Files that are read only. */
  files: string[];
  /** The app's own file: read too, and new keys are written there. */
  own: string;
  /** The name to look up instead of the host's, e.g. for a compute node of one cluster. */
  alias?: string;
  /** Whether the host's own name is not looked up besides. */
  isAliasOnly?: boolean;
  /** Keys that are never accepted; empty: none. */
  revokedKeysFile?: string;
  /** Another source that vouches for a key which the files do not know. */
  isKnown?(blob: Buffer): Promise<boolean>;
  /** Known for this session only: the user accepted, but did not save. Blobs in base64 by known_hosts name. */
  accepted: Map<string, string>;
  /** Fingerprints that the user compared: such a key is added to those that are known. */
  compared: ReadonlySet<string>;
  /** Whether accepted keys may be written. */
  canSave: boolean;
  ask(question: HostKeyQuestion): Promise<{ save: boolean }>;
}

/** Throws `known-hosts-unreadable`: what cannot be read cannot be compared. A file that does not exist is empty. */
export async function checkHostKeys(options: HostKeyOptions): Promise<HostKeyCheck> {
  const { address, own } = options;
  const name = options.alias ?? knownHostName(address.host, address.port);
  const bareName = options.isAliasOnly ? name : knownHostName(address.host, 22);
  const entries = (await Promise.all([own, ...options.files].map((file) => readKnownHosts(file, address)))).flat();

  return {
    algorithms: orderAlgorithms(entries, name, bareName),
    known: entries.filter(({ hosts }) => matchesHost(hosts, name) || matchesHost(hosts, bareName)),
    async verify(blob) {
      const { revokedKeysFile } = options;
      if (revokedKeysFile && (await isRevoked(revokedKeysFile, blob))) throw revokedError(address, revokedKeysFile);
      const verdict = judgeHostKey(entries, name, bareName, blob);
      if (verdict.kind === 'known') return;
      if (verdict.kind === 'revoked') throw revokedError(address, `${verdict.entry.file}, line ${verdict.entry.line}`);
      const key = blob.toString('base64');
      if (verdict.kind === 'changed') {
        if (!options.compared.has(fingerprint(blob))) throw changedError(address, name, blob, verdict.entry);
        if (options.canSave) await saveHostKey(own, `${name} ${keyTypeOf(blob)} ${key}`);
        return;
      }
      if (options.accepted.get(name) === key) return;
      if (await options.isKnown?.(blob)) {
        if (options.canSave) await saveHostKey(own, `${name} ${keyTypeOf(blob)} ${key}`);
        return;
      }
      const { save } = await options.ask({
        keyType: keyTypeOf(blob),
        fingerprint: fingerprint(blob),
        ...(verdict.authority && { authority: { file: verdict.authority.file, line: verdict.authority.line } }),
      });
      if (save && options.canSave) await saveHostKey(own, `${name} ${keyTypeOf(blob)} ${key}`);
      options.accepted.set(name, key);
    },
  };
}

async function readKnownHosts(file: string, address: HopAddress): Promise<KnownHost[]> {
  try {
    return parseKnownHosts(await readFile(file, 'utf8'), file);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new AppError(
      'known-hosts-unreadable',
      message`Cannot check who ${{ hop: nameHop(address) }} is: the known hosts file ${{ file }} cannot be read (${code || String(error)}).`,
      { hint: message`Make it readable for you, for example: chmod u+r '${{ file }}'`, cause: error },
    );
  }
}

function changedError(address: HopAddress, name: string, blob: Buffer, entry: KnownHost): AppError {
  const shown = `${keyTypeOf(blob)} ${fingerprint(blob)}`;
  const expected = `${entry.keyType} ${fingerprint(Buffer.from(entry.key, 'base64'))}`;
  const command = `ssh-keygen -R ${quote(name)} -f ${quote(entry.file)}`;
  return new AppError(
    'host-key-changed',
    message`${{ hop: nameHop(address) }} shows another host key than before, so somebody may be listening in. Nothing was sent.`,
    {
      hint: message`Ask the administrators whether ${{ fingerprint: fingerprint(blob) }} is right. If the key was changed, forget the old one and connect again: ${{ command }}. If several machines answer to this name, add this key too.`,
      action: { kind: 'copy-command', text: command },
      detail: `Shown: ${shown}\nKnown: ${expected}\nfrom ${entry.file}, line ${entry.line}`,
    },
  );
}

function revokedError(address: HopAddress, source: string): AppError {
  return new AppError(
    'host-key-revoked',
    message`${{ hop: nameHop(address) }} shows a host key that is marked as revoked (${{ source }}). Nothing was sent.`,
    { hint: 'Do not connect; ask the administrators which key is right.' },
  );
}

/** One writer at a time, so that two hops accepted at once do not lose one another's line. */
let writing: Promise<unknown> = Promise.resolve();

function saveHostKey(file: string, line: string): Promise<void> {
  const done = writing.then(() => appendLine(file, line));
  writing = done.catch(() => undefined);
  return done;
}

/** Rewrites the file beside itself: a crash leaves the old or the new one, never half a line. */
async function appendLine(file: string, line: string): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const before = await readFile(file, 'utf8').catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return '';
      throw error;
    });
    const separator = before === '' || before.endsWith('\n') ? '' : '\n';
    await writeFile(temporary, `${before}${separator}${line}\n`, { mode: 0o600, flag: 'wx' });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new AppError(
      'storage',
      message`The host key could not be saved in ${{ file }}: ${systemCode(error) || String(error)}.`,
      {
        hint: 'Make room or make the folder writable, or accept the key for this session only.',
        cause: error,
      },
    );
  }
}
