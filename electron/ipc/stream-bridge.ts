import { type IpcMainEvent, ipcMain, type MessagePortMain } from 'electron';
import { z } from 'zod';
import type { ByteStream } from '../client/byte-stream.ts';
import { streams, type WindowStreamName, windowStreams } from '../shared/contract/index.ts';
import { AppError } from '../shared/errors.ts';
import { message } from '../shared/messages.ts';
import { parseInput } from '../shared/parse-input.ts';
import { streamChannel } from './channels.ts';
import { type StreamPort, servePort } from './serve-port.ts';
import type { TrustedSenders } from './trusted-senders.ts';

interface StreamBridgeDeps {
  senders: TrustedSenders;
  /** A stream of the engine's, its input parsed. */
  open(name: WindowStreamName, input: unknown, signal: AbortSignal): Promise<ByteStream>;
}

/** Opens streams for our page: checks who asks, parses what is asked, and carries the bytes over the port that came with it. */
export function answerStreams({ senders, open }: StreamBridgeDeps): void {
  ipcMain.on(streamChannel, (event: IpcMainEvent, asked: unknown) => {
    const [port] = event.ports;
    if (!port) return;
    const { name, input } = z
      .object({ name: z.unknown(), input: z.unknown() })
      .catch({ name: null, input: null })
      .parse(asked);
    const isTrusted = senders.trusts(event);
    void servePort(streamPort(port), async (signal) => {
      if (!isTrusted) throw new AppError('not-permitted', 'Only windows of Tunel may ask this.');
      if (!isWindowStream(name)) {
        throw new AppError(
          'bad-input',
          message`There is no stream “${{ name: String(name).slice(0, 100) }}” for a window.`,
        );
      }
      return open(name, parseInput(name, streams[name].input, input), signal);
    });
  });
}

function streamPort(port: MessagePortMain): StreamPort {
  return {
    post: (message) => port.postMessage(message),
    onMessage(listener) {
      port.on('message', ({ data }) => listener(data));
      port.start();
    },
    onClosed: (listener) => port.once('close', listener),
  };
}

function isWindowStream(name: unknown): name is WindowStreamName {
  return (windowStreams as readonly unknown[]).includes(name);
}
