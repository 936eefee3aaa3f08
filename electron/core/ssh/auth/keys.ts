import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type BaseAgent, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { systemCode } from '../dial/connect-errors.ts';
import { classifyKey, convertHint, type KeyKind } from '../host-keys/key-kinds.ts';
import { fingerprint } from '../host-keys/known-hosts.ts';

/** Something that can sign: one key of the agent or one key file. */
interface Identity {
  /** SHA256 of the public part, or the file when that part is not known yet. */
  id: string;
  from: 'agent' | 'key';
  label: string;
  /** An ssh2 agent that holds this one key; a file's passphrase is asked only when the server wants a signature. */
  agent: BaseAgent;
}

export interface LoadedKeys {
  identities: Identity[];
  /** Files that the user chose and that cannot be used, each with what to do. */
  problems: AppError[];
  /** Public keys that select one of the agent's, by the file that names them. */
  selectors: { file: string; id: string }[];
  /** Files with a certificate beside them, which ssh2 cannot show. */
  certificates: string[];
}

/** Opens an encrypted key: calls `open` with passphrases until one fits. Rejects with `cancelled` or `auth-failed`. */
export type Unlock = <T>(file: string, open: (passphrase: string) => T | Error) => Promise<T>;

/** OpenSSH's own order of preference, without the kinds that ssh2 cannot use. */
export function usualKeyFiles(): string[] {
  return ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => join(homedir(), '.ssh', name));
}

type SignOrOptions = SigningRequestOptions | SignCallback;

class OneKeyAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #publicKey: () => Promise<ParsedKey>;
  readonly #signer: (data: Buffer, hash: string | undefined) => Promise<Buffer>;

  constructor(
    publicKey: () => Promise<ParsedKey>,
    signer: (data: Buffer, hash: string | undefined) => Promise<Buffer>,
  ) {
    super();
    this.#publicKey = publicKey;
    this.#signer = signer;
  }

  override getIdentities(callback: (error?: Error | null, keys?: ParsedKey[]) => void): void {
    this.#publicKey().then(
      (key) => callback(null, [key]),
      (error: unknown) => callback(AppError.from(error)),
    );
  }

  override sign(_key: ParsedKey, data: Buffer, options: SignOrOptions, callback?: SignCallback): void {
    const done = typeof options === 'function' ? options : callback;
    const hash: unknown = typeof options === 'function' ? undefined : Reflect.get(options, 'hash');
    this.#signer(data, typeof hash === 'string' ? hash : undefined).then(
      (signature) => done?.(null, signature),
      (error: unknown) => done?.(AppError.from(error)),
    );
  }
}

/** Keys that the agent holds. An agent that does not answer has none; `onTrouble` receives the reason. */
export async function agentIdentities(socket: string, onTrouble: (why: string) => void): Promise<Identity[]> {
  const agent = ssh2.createAgent(socket);
  try {
    const keys = await new Promise<ParsedKey[]>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no answer in 5 s')), 5000);
      agent.getIdentities((error, found) => {
        clearTimeout(timer);
        if (error) reject(error);
        else resolve((found ?? []).flatMap(usableKey));
      });
    });
    return keys.map((key) => ({
      id: fingerprint(key.getPublicSSH()),
      from: 'agent',
      label: key.comment ? `${key.comment} in the agent` : 'a key in the agent',
      agent: new OneKeyAgent(
        async () => key,
        (data, hash) =>
          new Promise((resolve, reject) => {
            agent.sign(key, data, { hash } as SigningRequestOptions, (error, signature) => {
              if (error || !signature) reject(error ?? new Error('The agent did not sign.'));
              else resolve(Buffer.from(signature));
            });
          }),
      ),
    }));
  } catch (error) {
    onTrouble(error instanceof Error ? error.message : String(error));
    return [];
  }
}

/** Keys of a kind that ssh2 does not know (certificates, sk) are left out. */
function usableKey(entry: unknown): ParsedKey[] {
  const source: unknown =
    typeof entry === 'object' && entry !== null && 'pubKey' in entry ? Reflect.get(entry, 'pubKey') : entry;
  const key: unknown = ssh2.utils.parseKey(source as ParsedKey | Buffer | string);
  return key instanceof Error ? [] : [key as ParsedKey];
}

/**
 * Key files as identities. `chosen`: the user named them, so one that cannot be used is a problem to report; of the usual
 * ones a missing or unusable file is passed over.
 */
export async function fileIdentities(files: string[], chosen: boolean, unlock: Unlock): Promise<LoadedKeys> {
  const loaded: LoadedKeys = { identities: [], problems: [], selectors: [], certificates: [] };
  for (const named of files) {
    const file = named.startsWith('~/') ? join(homedir(), named.slice(2)) : named;
    try {
      const selector = chosen ? await publicKeyOf(file) : null;
      if (selector) {
        loaded.selectors.push({ file, id: selector });
        continue;
      }
      const text = await readKey(file);
      const kind = classifyKey(text, file);
      if (kind.kind === 'unsupported') {
        throw new AppError('auth-unsupported', message`The key ${{ file }} ${{ why: kind.why }}.`, { hint: kind.hint });
      }
      if (await exists(`${file}-cert.pub`)) loaded.certificates.push(file);
      loaded.identities.push(await fileIdentity(file, text, kind, unlock));
    } catch (error) {
      const problem = AppError.from(error);
      if (chosen) loaded.problems.push(problem);
    }
  }
  return loaded;
}

/** The fingerprint of a file that is a public key, or whose private part is not there but its public one. */
async function publicKeyOf(file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch(() => readFile(`${file}.pub`, 'utf8').catch(() => ''));
  if (!/^(ssh-|ecdsa-|sk-)[\w@.-]+ AAAA/.test(text)) return null;
  const [, blob = ''] = text.split(/\s+/);
  return fingerprint(Buffer.from(blob, 'base64'));
}

/** A key that was chosen by its public part, which the agent does not hold. */
export function missingInAgent(file: string): AppError {
  return new AppError('key-unreadable', message`The SSH agent does not hold the key of ${{ file }}.`, {
    hint: message`Add its private key to the agent: ssh-add ${{ privateKey: file.replace(/\.pub$/, '') }}; or choose that file for this cluster.`,
  });
}

async function readKey(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    const why =
      { ENOENT: 'there is no such file', EACCES: 'you may not read it', EISDIR: 'it is a folder' }[code] ?? code;
    throw new AppError('key-unreadable', message`The key ${{ file }} cannot be read: ${{ why }}.`, {
      hint: code === 'EACCES' ? `chmod 600 '${file}'` : 'Choose another key file for this cluster.',
      cause: error,
    });
  }
}

async function exists(file: string): Promise<boolean> {
  return readFile(file).then(
    () => true,
    () => false,
  );
}

type Usable = Exclude<KeyKind, { kind: 'unsupported' }>;

async function fileIdentity(file: string, text: string, kind: Usable, unlock: Unlock): Promise<Identity> {
  let secret: Promise<ParsedKey> | undefined;
  const open = () => {
    secret ??= (kind.encrypted ? unlock(file, (passphrase) => parse(text, kind, file, passphrase)) : plain()).catch(
      (error: unknown) => {
        secret = undefined;
        throw error;
      },
    );
    return secret;
  };
  const plain = async () => {
    const key = parse(text, kind, file);
    if (key instanceof Error) throw unreadable(file, key);
    return key;
  };
  const known = await publicPart(file, kind, open);
  return {
    id: known ? fingerprint(known.getPublicSSH()) : file,
    from: 'key',
    label: file,
    agent: new OneKeyAgent(
      async () => known ?? (await open()),
      async (data, hash) => {
        const signature: unknown = (await open()).sign(data, hash);
        if (Buffer.isBuffer(signature)) return signature;
        throw signature instanceof Error ? signature : new Error(`The key ${file} did not sign.`);
      },
    ),
  };
}

/** The public key without the passphrase, where the file itself or its `.pub` holds it. */
async function publicPart(file: string, kind: Usable, open: () => Promise<ParsedKey>): Promise<ParsedKey | null> {
  if (!kind.encrypted) return open();
  const text =
    kind.kind === 'openssh'
      ? `${kind.type} ${kind.publicBlob.toString('base64')}`
      : await readFile(`${file}.pub`, 'utf8').catch(() => '');
  const key = text ? ssh2.utils.parseKey(text) : null;
  return key instanceof Error ? null : key;
}

function parse(text: string, kind: Usable, file: string, passphrase?: string): ParsedKey | Error {
  const source = kind.kind === 'pkcs8' ? fromPkcs8(text, file, passphrase) : text;
  if (source instanceof Error) return source;
  const parsed: unknown = ssh2.utils.parseKey(source, kind.kind === 'pkcs8' ? undefined : passphrase);
  const key: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key instanceof Error) return key;
  return key as ParsedKey;
}

/** PKCS#8 is unknown to ssh2; Node opens it and writes the older PEM forms, which ssh2 reads. */
function fromPkcs8(text: string, file: string, passphrase?: string): string | Error {
  try {
    const key = createPrivateKey({ key: text, format: 'pem', passphrase });
    if (key.asymmetricKeyType === 'rsa') return key.export({ type: 'pkcs1', format: 'pem' }).toString();
    if (key.asymmetricKeyType === 'ec') return key.export({ type: 'sec1', format: 'pem' }).toString();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
  throw new AppError(
    'auth-unsupported',
    message`The key ${{ file }} is in a form that this app cannot read (PKCS#8).`,
    {
      hint: convertHint(file),
    },
  );
}

function unreadable(file: string, error: Error): AppError {
  return new AppError('auth-unsupported', message`The key ${{ file }} cannot be read: ${{ message: error.message }}.`, {
    hint: convertHint(file),
    cause: error,
  });
}
