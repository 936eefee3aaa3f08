import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { AppError } from '../../shared/errors.ts';
import { onAbort } from '../../shared/on-abort.ts';

/** What an app showed at first use; empty before. Lives as long as the instance. */
export interface UpstreamPin {
  fingerprint: string;
}

/**
 * TLS to an app that serves https, over a channel. Such certificates are made by the app itself, so the first one seen is
 * pinned; a different one later is an error (`host-key-changed`), never a question. Rejects with the signal's reason.
 */
export function connectUpstreamTls(
  channel: Duplex,
  servername: string,
  pin: UpstreamPin,
  signal: AbortSignal,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const sni = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(servername) && !/^[\d.]+$/.test(servername);
    const socket = connectTls({
      socket: channel,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      ...(sni ? { servername } : {}),
    });
    let forget: () => void = () => undefined;
    const fail = (error: unknown): void => {
      forget();
      socket.destroy();
      channel.destroy();
      reject(error);
    };
    const broken = (cause?: unknown): void =>
      fail(new AppError('not-ready', 'The app did not answer with TLS as its recipe says.', { cause }));
    socket.on('error', broken);
    socket.once('close', broken);
    socket.once('secureConnect', () => {
      const seen = socket.getPeerCertificate().fingerprint256 ?? '';
      if (seen === '' || (pin.fingerprint !== '' && pin.fingerprint !== seen)) {
        fail(
          new AppError('host-key-changed', 'The app now shows another certificate than when it was first opened.', {
            hint: 'Stop the app and start it again. If you did not restart it, tell who runs the cluster.',
          }),
        );
        return;
      }
      pin.fingerprint = seen;
      forget();
      socket.removeListener('close', broken);
      channel.once('close', () => socket.destroy());
      resolve(socket);
    });
    forget = onAbort(signal, () => fail(signal.reason));
  });
}
