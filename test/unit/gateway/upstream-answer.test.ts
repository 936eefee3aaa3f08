import { createServer, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { UpstreamAnswer } from '../../../electron/core/gateway/upstream-answer.ts';
import { RefusedAnswer } from '../../../electron/core/gateway/upstream-head.ts';
import { rawAnswers } from '../../helpers/raw-answers.ts';

/** What comes out of an answer that arrives in pieces of `step` bytes. */
function strict(
  answer: string,
  step = Number.POSITIVE_INFINITY,
  method = 'GET',
): { text: string; isReusable: boolean } {
  const reader = new UpstreamAnswer(method);
  const bytes = Buffer.from(answer, 'latin1');
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += step) reader.push(bytes.subarray(at, at + step), out);
  const { isReusable } = reader;
  out.push(...reader.end());
  return { text: Buffer.concat(out).toString('latin1'), isReusable };
}

const LENGTH = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe('UpstreamAnswer', () => {
  for (const [name, { answer, gateway }] of Object.entries(rawAnswers)) {
    it(`gives the same whether it comes whole or in pieces: ${name}`, () => {
      const attempt = (step: number) => {
        try {
          return strict(answer, step).text;
        } catch (error) {
          expect(error).toBeInstanceOf(RefusedAnswer);
          return (error as Error).message;
        }
      };
      const whole = attempt(Number.POSITIVE_INFINITY);
      for (const step of answer.length > 10_000 ? [997] : [1, 7]) expect(attempt(step)).toBe(whole);
      const head = whole.slice(0, whole.indexOf('\r\n\r\n'));
      if (gateway !== 'refused' && gateway !== 'broken')
        // biome-ignore lint/suspicious/noControlCharactersInRegex: They must not be there.
        expect(head.replaceAll('\r\n', '')).not.toMatch(/[\x00-\x08\x0a-\x1f\x7f]/);
    });
  }

  it('leaves a strict answer as it is, but for the names and order of its framing', () => {
    expect(strict(LENGTH)).toEqual({
      text: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok',
      isReusable: true,
    });
  });

  it('forwards no length beside chunks, and lets the channel carry nothing after such an answer', () => {
    const { text, isReusable } = strict(rawAnswers['a length and chunks']?.answer ?? '');
    expect(text).not.toContain('Content-Length');
    expect(text).toContain('Connection: close');
    expect(isReusable).toBe(false);
  });

  it('lets the channel carry nothing after bytes that nobody asked for', () => {
    expect(strict(`${LENGTH}XXXX`).isReusable).toBe(false);
    expect(strict('HTTP/1.1 204 None\r\nContent-Length: 2\r\n\r\nok').isReusable).toBe(false);
  });

  it('lets the channel go on after answers that end by themselves', () => {
    for (const answer of [
      'HTTP/1.1 204 None\r\n\r\n',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
      'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok',
    ])
      expect(strict(answer).isReusable).toBe(true);
    for (const answer of [
      'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok',
      'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok',
      'HTTP/1.1 200 OK\r\n\r\nok',
      'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok',
    ])
      expect(strict(answer).isReusable).toBe(false);
  });

  it('expects no body after HEAD, and keeps the length that GET would have', () => {
    const { text, isReusable } = strict('HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n', undefined, 'HEAD');
    expect([text.includes('Content-Length: 20'), isReusable]).toEqual([true, true]);
    expect(strict('HTTP/1.1 304 Same\r\nContent-Length: 20\r\n\r\n').isReusable).toBe(true);
  });

  it('passes bytes on as they are after a 101', () => {
    const answer = 'HTTP/1.1 101 Switching\nUpgrade: websocket\nConnection : Upgrade\n\nHTTP/1.1 \x00\x01';
    expect(strict(answer).text).toBe(
      'HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\nHTTP/1.1 \x00\x01',
    );
  });

  it('keeps trailers, without those that belong in the head', () => {
    expect(strict(rawAnswers['odd trailers']?.answer ?? '').text).toMatch(/0\r\nX-T: 1\r\n\r\n$/);
  });

  it('writes what the strict parser of Node reads', async () => {
    const shown = Object.values(rawAnswers).filter(({ gateway }) => Array.isArray(gateway));
    let turn = 0;
    const server = createServer();
    server.on('connection', (socket) => {
      socket.removeAllListeners('data');
      socket.on('data', () => socket.end(Buffer.from(strict(shown[turn]?.answer ?? '').text, 'latin1')));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    for (const { gateway } of shown) {
      const seen = await new Promise((resolve, reject) => {
        const sent = request({ port, host: '127.0.0.1', agent: false, maxHeaderSize: 300_000 }, (answer) => {
          let body = '';
          answer.on('data', (part) => {
            body += part;
          });
          answer.on('end', () => resolve([answer.statusCode, body]));
        });
        sent.on('error', reject).end();
      });
      expect(seen).toEqual(gateway);
      turn += 1;
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
