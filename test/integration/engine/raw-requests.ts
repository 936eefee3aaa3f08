import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';
import { readEngineAddress } from '../../../electron/client/engine-address.ts';
import type { Answer } from './contract-checks.ts';

/** A request past the client, as any program could make it. `body`: JSON unless it is text already. */
export function askRaw(
  data: string,
  { method, path, body, signal }: { method: string; path: string; body?: string; signal?: AbortSignal },
): Promise<Answer> {
  const outgoing = request({ ...connectionTo(data), agent: false, method, path, signal });
  return new Promise((resolve, reject) => {
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      text(response).then(
        (body) =>
          resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text: body }),
        reject,
      );
    });
    outgoing.end(body);
  });
}

export type StreamFrame = { kind: string; [field: string]: unknown };

/** Opens a stream with this first frame, ends its data and returns every message until it closes. */
export function openRaw(data: string, path: string, first: string, signal: AbortSignal): Promise<StreamFrame[]> {
  const { socketPath, headers } = connectionTo(data);
  const socket = new WebSocket(`ws+unix:${socketPath}:${path}`, { headers });
  const frames: StreamFrame[] = [];
  return new Promise((resolve, reject) => {
    const fail = () =>
      reject(
        new Error(`${path} does not end after ${first.slice(0, 300)}; it sent ${JSON.stringify(frames).slice(0, 500)}`),
      );
    signal.addEventListener('abort', fail, { once: true });
    socket.once('open', () => socket.send(first));
    socket.once('error', reject);
    socket.once('close', () => resolve(frames));
    socket.on('message', (bytes, isBinary) => {
      if (isBinary) return;
      const frame = JSON.parse(bytes.toString()) as StreamFrame;
      frames.push(frame);
      if (frame.kind === 'opened') socket.send(JSON.stringify({ kind: 'end' }));
      // Without bytes it would stay open.
      if (frame.kind === 'opened' && /tunnels|connect|followLog|terminals\/open/.test(path)) socket.close();
    });
  });
}

function connectionTo(data: string): { socketPath: string; headers: Record<string, string> } {
  const address = readEngineAddress(data);
  if (!address) throw new Error(`No engine runs in ${data}.`);
  return { socketPath: address.socket, headers: { host: 'tunel', authorization: `Bearer ${address.token}` } };
}
