import { offerOpenSsh } from '../openssh/offer.ts';

/** What a private key file holds, by its text alone. */
export type KeyKind =
  | { kind: 'openssh'; encrypted: boolean; publicBlob: Buffer; type: string }
  /** PEM of OpenSSL: PKCS#1 or SEC1. */
  | { kind: 'pem'; encrypted: boolean }
  | { kind: 'pkcs8'; encrypted: boolean }
  | { kind: 'ppk'; encrypted: boolean }
  | { kind: 'unsupported'; why: string; hint: string };

export function classifyKey(text: string, file: string): KeyKind {
  const putty = /^PuTTY-User-Key-File-(\d):/.exec(text);
  if (putty && putty[1] !== '2') {
    return {
      kind: 'unsupported',
      why: `is a PuTTY key of version ${putty[1]}`,
      hint: 'Export it with PuTTYgen: Conversions, Export OpenSSH key.',
    };
  }
  if (putty) return { kind: 'ppk', encrypted: !/^Encryption: none/m.test(text) };
  if (/^(ssh-|ecdsa-|sk-)[\w@.-]+ AAAA/.test(text)) {
    return {
      kind: 'unsupported',
      why: 'is a public key',
      hint: `Choose the private key beside it: ${file.replace(/\.pub$/, '')}`,
    };
  }
  const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1];
  if (label === 'OPENSSH PRIVATE KEY') return classifyOpenSsh(text, file);
  if (label === 'PRIVATE KEY' || label === 'ENCRYPTED PRIVATE KEY') {
    return { kind: 'pkcs8', encrypted: label.startsWith('ENCRYPTED') };
  }
  if (label === 'RSA PRIVATE KEY' || label === 'EC PRIVATE KEY') {
    return { kind: 'pem', encrypted: /^Proc-Type: 4,ENCRYPTED/m.test(text) };
  }
  if (label === 'DSA PRIVATE KEY') return unsupportedType('ssh-dss');
  return { kind: 'unsupported', why: 'is not a private key', hint: 'Choose another file, e.g. ~/.ssh/id_ed25519.' };
}

/** The OpenSSH format (PROTOCOL.key) has cipher and public part in the clear. */
function classifyOpenSsh(text: string, file: string): KeyKind {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(text)?.[1] ?? '';
  const data = Buffer.from(body, 'base64');
  const magic = 'openssh-key-v1\0';
  const damaged: KeyKind = {
    kind: 'unsupported',
    why: 'is damaged',
    hint: `Copy it again, or check it: ssh-keygen -y -f '${file}'`,
  };
  if (data.toString('latin1', 0, magic.length) !== magic) return damaged;
  let at = magic.length;
  const take = (): Buffer | null => {
    if (at + 4 > data.length) return null;
    const length = data.readUInt32BE(at);
    if (at + 4 + length > data.length) return null;
    at += 4 + length;
    return data.subarray(at - length, at);
  };
  const cipher = take();
  const kdf = take();
  const options = take();
  at += 4;
  const publicBlob = take();
  if (!cipher || !kdf || !options || !publicBlob || publicBlob.length < 8) return damaged;
  const type = publicBlob.toString('latin1', 4, 4 + publicBlob.readUInt32BE(0));
  if (type.startsWith('sk-') || type === 'ssh-dss') return unsupportedType(type);
  return { kind: 'openssh', encrypted: cipher.toString() !== 'none', publicBlob, type };
}

function unsupportedType(type: string): KeyKind {
  return type.startsWith('sk-')
    ? {
        kind: 'unsupported',
        why: 'is on a security key (FIDO), which this app cannot use',
        hint: `Use another key, or sign in with a password.${offerOpenSsh()}`,
      }
    : {
        kind: 'unsupported',
        why: 'is a DSA key, which no current server takes',
        hint: 'Make a new one: ssh-keygen -t ed25519',
      };
}

/** The hint for a key in a form that cannot be read. */
export function convertHint(file: string): string {
  return `Convert it: ssh-keygen -p -f '${file}'`;
}
