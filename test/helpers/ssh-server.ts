import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import ssh2, { type Server, type ServerChannel, type Session } from 'ssh2';
import { systemClock } from '../../electron/core/clock.ts';
import { LiveConnection } from '../../electron/core/ssh/client/connection.ts';

interface LocalServer {
  connection: LiveConnection;
  /** Bytes both ways so far. */
  bytes(): number;
  close(): void;
}

let madeKey = '';

/** One for all servers, since making one takes long. */
function hostKey(): string {
  if (madeKey !== '') return madeKey;
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  madeKey = privateKey;
  return madeKey;
}

/** A connection to an SSH server in this process; `onSocket` gets each channel to a Unix socket, `onSession` each session. */
export async function localServer(
  onSocket: (channel: ServerChannel) => void,
  onSession?: (session: Session) => void,
): Promise<LocalServer> {
  const server: Server = new ssh2.Server({ hostKeys: [hostKey()] }, (peer) => {
    peer.on('error', () => undefined);
    peer.on('authentication', (asked) => asked.accept());
    peer.on('openssh.streamlocal', (accept) => onSocket(accept()));
    if (onSession) peer.on('session', (accept) => onSession(accept()));
    peer.on('request', (_accept, reject) => reject?.());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('no port');
  const sock = connect(address.port, '127.0.0.1');
  const client = new ssh2.Client();
  client.connect({ sock, username: 'ada', hostVerifier: () => true, strictVendor: false });
  await once(client, 'ready');
  const connection = new LiveConnection({
    client,
    node: 'local',
    clock: systemClock,
    keepaliveMs: null,
    dialHop: () => Promise.reject(new Error('no hops')),
  });
  return {
    connection,
    bytes: () => sock.bytesRead + sock.bytesWritten,
    close() {
      connection.close();
      server.close();
    },
  };
}
