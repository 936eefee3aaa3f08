import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a client gets: status and body; nothing, since the answer is refused; or a body that breaks off. */
type Seen = [status: number, body: string] | 'refused' | 'broken';

interface RawAnswer {
  /** latin1 */
  answer: string;
  gateway: Seen;
  /** What Chromium shows without a gateway, where that differs: docs/adr/0023 says why. */
  chromium?: Seen;
}

const ok = (head: string, body = 'ok'): RawAnswer => ({ answer: `${head}\r\n\r\n${body}`, gateway: [200, 'ok'] });
const HEAD = 'HTTP/1.1 200 OK\r\n';
const chunked = (body: string, seen: Seen = [200, 'ok']): RawAnswer => ({
  answer: `${HEAD}Transfer-Encoding: chunked\r\n\r\n${body}`,
  gateway: seen,
});
const CHUNKS = '2\r\nok\r\n0\r\n\r\n';

/** Answers of hand-made servers, by what is odd in them. Each server closes the connection after its answer. */
export const rawAnswers: Readonly<Record<string, RawAnswer>> = {
  'line ends without CR': {
    answer: 'HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 2\n\nok',
    gateway: [200, 'ok'],
  },
  'a folded header': ok(`${HEAD}Content-Security-Policy: default-src self;\r\n script-src self\r\nContent-Length: 2`),
  'a folded line before any header': ok(`${HEAD} X-A: b\r\nContent-Length: 2`),
  'space before the colon': ok(`${HEAD}Content-Length : 2\r\nX-A : b`),
  'a line without colon': ok(`${HEAD}nonsense\r\nContent-Length: 2`),
  'a name that is none': ok(`${HEAD}X(y) z: 1\r\nContent-Length: 2`),
  'no reason': ok('HTTP/1.1 200\r\nContent-Length: 2'),
  'no status': ok('HTTP/1.1\r\nContent-Length: 2'),
  'no version': ok('HTTP 200 OK\r\nContent-Length: 2'),
  'spaces in the status line': ok('HTTP/1.1   200   OK\r\nContent-Length: 2'),
  'small letters': ok('http/1.1 200 ok\r\ncontent-length: 2'),
  'HTTP/2.0 in clear text': ok('HTTP/2.0 200 OK\r\nContent-Length: 2'),
  'a byte order mark': ok(`\xef\xbb\xbf${HEAD}Content-Length: 2`),
  'empty lines first': ok(`\r\n\r\n${HEAD}Content-Length: 2`),
  'no HTTP at all': { answer: '<html>ok</html>', gateway: 'refused' },
  'a head that breaks off': { answer: `${HEAD}Content-Type: text/html\r\n`, gateway: 'refused', chromium: [200, ''] },
  'a status beyond 599': {
    answer: 'HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\nok',
    gateway: [500, 'ok'],
    chromium: [999, 'ok'],
  },
  'a NUL in a header': { answer: `${HEAD}X-A: a\0b\r\nContent-Length: 2\r\n\r\nok`, gateway: 'refused' },
  'a control character in a header': ok(`${HEAD}X-A: a\x01b\r\nContent-Length: 2`),
  'a CR in a header': ok(`${HEAD}X-A: a\rX-B: c\r\nContent-Length: 2`),
  'latin1 in a header': ok(`${HEAD}X-A: caf\xe9\r\nContent-Length: 2`),
  'UTF-8 in a header': ok(`${HEAD}X-A: caf\xc3\xa9\r\nContent-Length: 2`),
  'a header of 100 KB': ok(`${HEAD}X-A: ${'a'.repeat(100_000)}\r\nContent-Length: 2`),
  'headers of 300 KB': {
    answer: `${HEAD}X-A: ${'a'.repeat(300_000)}\r\nContent-Length: 2\r\n\r\nok`,
    gateway: 'refused',
  },
  'interim answers': ok(
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n${HEAD}Content-Length: 2`,
  ),
  'an interim answer that states a length': ok(`HTTP/1.1 102 P\r\nContent-Length: 5\r\n\r\n${HEAD}Content-Length: 2`),
  'a 101 that nobody asked for': {
    answer: 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nok',
    gateway: 'refused',
  },
  'a 204 with a body': { answer: 'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nok', gateway: [204, ''] },
  'a 205 with a body': { answer: 'HTTP/1.1 205 Reset\r\nContent-Length: 2\r\n\r\nok', gateway: [205, ''] },
  'bytes after the body': ok(`${HEAD}Content-Length: 2`, 'okXXXX'),
  'a body that breaks off': { answer: `${HEAD}Content-Length: 5\r\n\r\nok`, gateway: 'broken' },
  'no length': ok('HTTP/1.1 200 OK'),
  'a length that is no number': ok(`${HEAD}Content-Length: abc`),
  'an empty length': ok(`${HEAD}Content-Length:`),
  'a negative length': ok(`${HEAD}Content-Length: -1`),
  'a length with a sign': ok(`${HEAD}Content-Length: +1`),
  'a length with zeros before it': ok(`${HEAD}Content-Length: 002`),
  'the same length twice': ok(`${HEAD}Content-Length: 2\r\nContent-Length: 2`),
  'the same length twice in one line': ok(`${HEAD}Content-Length: 2, 2`),
  'two lengths': {
    answer: `${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok`,
    gateway: 'refused',
  },
  'a length and chunks': ok(`${HEAD}Content-Length: 7\r\nTransfer-Encoding: chunked`, CHUNKS),
  'a shorter length and chunks': ok(`${HEAD}Content-Length: 1\r\nTransfer-Encoding: chunked`, CHUNKS),
  'chunks announced twice': ok(`${HEAD}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked`, CHUNKS),
  'chunks announced with a space': ok(`${HEAD}Transfer-Encoding : chunked`, CHUNKS),
  'chunks said to be compressed': ok(`${HEAD}Transfer-Encoding: gzip, chunked`, CHUNKS),
  'the encoding identity': ok(`${HEAD}Transfer-Encoding: identity\r\nContent-Length: 2`),
  'chunks in HTTP/1.0': {
    ...ok('HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked', CHUNKS),
    chromium: [200, CHUNKS],
  },
  'a length and chunks in HTTP/1.0': {
    answer: `HTTP/1.0 200 OK\r\nContent-Length: 12\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}`,
    gateway: 'refused',
    chromium: [200, CHUNKS],
  },
  'chunks with extensions': chunked('2;a=b\r\nok\r\n0\r\n\r\n'),
  'chunk sizes with spaces': chunked('2  \r\nok\r\n0\r\n\r\n'),
  'chunk sizes with zeros': chunked('0000000000000000002\r\nok\r\n000\r\n\r\n'),
  'chunks without CR': chunked('2\nok\n0\n\n'),
  'chunk sizes with a prefix': chunked('0x2\r\nok\r\n0\r\n\r\n', 'broken'),
  'a chunk longer than it says': chunked('2\r\nokay\r\n0\r\n\r\n', 'broken'),
  'no last chunk': chunked('2\r\nok\r\n', 'broken'),
  'nothing after the last chunk': { ...chunked('2\r\nok\r\n0\r\n'), chromium: 'broken' },
  'odd trailers': chunked('2\r\nok\r\n0\r\nX-T : 1\r\nbad\r\nContent-Length: 9\r\n\r\n'),
  'two targets': {
    answer: 'HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n',
    gateway: 'refused',
  },
  'two file names': {
    answer: `${HEAD}Content-Disposition: inline; filename=a\r\nContent-Disposition: inline; filename=b\r\nContent-Length: 2\r\n\r\nok`,
    gateway: 'refused',
  },
  'two content types': ok(`${HEAD}Content-Type: text/plain\r\nContent-Type: text/html\r\nContent-Length: 2`),
};

export const rawPath = (name: string): string => `/${encodeURIComponent(name)}`;

/** A server that answers each request for the path of an answer with it, `step` bytes at a time, and closes. */
export async function startRawServer(
  listen: ListenOptions,
  step = Number.POSITIVE_INFINITY,
): Promise<{ server: Server; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => undefined);
    socket.setNoDelay(true);
    socket.once('data', (data) => {
      const path = data.toString('latin1').split(' ', 2)[1] ?? '';
      const given =
        rawAnswers[decodeURIComponent(path.slice(1))]?.answer ?? 'HTTP/1.1 404 None\r\nContent-Length: 0\r\n\r\n';
      void send(socket, Buffer.from(given, 'latin1'), step);
    });
  });
  await new Promise<void>((resolve) => server.listen(listen, resolve));
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { server, close };
}

/** The same on a Unix socket. */
export async function startRawApp(step?: number): Promise<{ socketPath: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'raw-'));
  const socketPath = join(folder, 's');
  const { close } = await startRawServer({ path: socketPath }, step);
  return {
    socketPath,
    close: async () => {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function send(socket: Socket, bytes: Buffer, step: number): Promise<void> {
  for (let at = 0; at < bytes.length && !socket.destroyed; at += step) {
    await new Promise<void>((resolve) => socket.write(bytes.subarray(at, at + step), () => setImmediate(resolve)));
  }
  socket.end();
}
