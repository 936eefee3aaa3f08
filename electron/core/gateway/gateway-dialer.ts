import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { ViewAccess } from '../../shared/contract/instances.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { onAbort } from '../../shared/on-abort.ts';

/** One TLS connection to the gateway as a view of the app would make it, with what each request on it must carry. */
export type GatewayDialer = (
  instanceId: string,
  signal: AbortSignal,
) => Promise<{ stream: Duplex; host: string; headers: Record<string, string> }>;

export function createGatewayDialer(access: (instanceId: string) => ViewAccess): GatewayDialer {
  return async (instanceId, signal) => {
    const view = access(instanceId);
    const { host, secretHeader } = view;
    const stream = await connectPinned(view, await connectProxy(view, signal), signal);
    return { stream, host, headers: { [secretHeader.name]: secretHeader.value } };
  };
}

/** The certificate was made by the gateway at run time: its fingerprint is compared instead of a chain. */
async function connectPinned(
  { host, certificateFingerprint }: ViewAccess,
  socket: Duplex,
  signal: AbortSignal,
): Promise<Duplex> {
  const stream = connectTls({ socket, servername: host, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
  const forget = onAbort(signal, () => stream.destroy(AppError.from(signal.reason)));
  try {
    await new Promise<void>((resolve, reject) => {
      stream.once('secureConnect', resolve);
      stream.on('error', reject);
      stream.once('close', () => reject(new AppError('connection-lost', 'The gateway closed the connection.')));
    });
  } catch (error) {
    stream.destroy();
    socket.destroy();
    throw error;
  } finally {
    forget();
  }
  const { fingerprint256 } = stream.getPeerCertificate();
  const seen = Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64');
  if (`sha256/${seen}` === certificateFingerprint) return stream;
  stream.destroy();
  throw new AppError('internal', 'Something else answers in place of the gateway.');
}

function connectProxy({ proxyPort, host }: ViewAccess, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: '127.0.0.1',
      port: proxyPort,
      method: 'CONNECT',
      path: `${host}:443`,
      signal,
    });
    outgoing.once('connect', (response, socket) => {
      if (response.statusCode === 200) {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(new AppError('internal', message`The gateway refused: ${{ statusCode: response.statusCode ?? 0 }}.`));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
