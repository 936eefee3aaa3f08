import type { LogPiece } from '../../shared/contract/common.ts';
import { isOver } from '../../shared/instance-policy.ts';
import { onAbort } from '../../shared/on-abort.ts';
import { plainStream, producedStream, type StreamHandlersOf } from '../byte-streams.ts';
import type { GatewayDialer } from '../gateway/gateway-dialer.ts';
import type { Instances } from './types.ts';

type LogSource = Pick<Instances, 'get' | 'log' | 'followLog' | 'onLog' | 'onChange'>;

export function instanceStreams(
  instances: LogSource,
  dialGateway: GatewayDialer,
): StreamHandlersOf<'instances.followLog' | 'instances.connect'> {
  return {
    async 'instances.followLog'({ id, offset }) {
      instances.get(id);
      return producedStream({}, (write, signal) => writeLog(instances, id, offset, write, signal));
    },
    async 'instances.connect'({ id }, signal) {
      const { stream, host, headers } = await dialGateway(instances.get(id).id, signal);
      return plainStream({ host, headers }, stream);
    },
  };
}

const lineOf = (piece: LogPiece): Buffer => Buffer.from(`${JSON.stringify(piece)}\n`);

/** Writes a log as it grows, until its app is over or the signal fires. */
async function writeLog(
  instances: LogSource,
  id: string,
  offset: number,
  write: (chunk: Uint8Array) => Promise<void>,
  signal: AbortSignal,
): Promise<Record<string, never>> {
  const stopFollowing = instances.followLog(id);
  const news = new Signalled();
  const stopListening = [
    instances.onLog((event) => event.id === id && news.raise()),
    instances.onChange(() => isOver(instances.get(id).state) && news.raise()),
  ];
  try {
    let next = offset;
    for (;;) {
      // Asked before the last read: what was written until the end is in that read.
      const isLast = isOver(instances.get(id).state);
      for (;;) {
        signal.throwIfAborted();
        const part = await instances.log(id, next);
        const { text, size, ...span } = part;
        if (text !== '') await write(lineOf({ text, ...span }));
        next = part.next;
        if (next >= size || text === '') break;
      }
      if (isLast) return {};
      await news.wait(signal);
    }
  } finally {
    stopFollowing();
    for (const stop of stopListening) stop();
  }
}

/** Remembers that it was raised until somebody has waited for it. */
class Signalled {
  #isRaised = false;
  #wake: (() => void) | null = null;

  raise(): void {
    this.#isRaised = true;
    this.#wake?.();
  }

  async wait(signal: AbortSignal): Promise<void> {
    if (!this.#isRaised) {
      await new Promise<void>((resolve, reject) => {
        this.#wake = () => {
          forget();
          resolve();
        };
        const forget = onAbort(signal, () => reject(signal.reason));
      });
    }
    this.#wake = null;
    this.#isRaised = false;
  }
}
