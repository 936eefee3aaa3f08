import type { IncomingMessage } from 'node:http';

/** Whether a client asks for a WebSocket, among whatever else. */
export const asksForWebSocket = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean =>
  tokensOf(headers.upgrade).includes('websocket');

const tokensOf = (header: string | undefined): string[] =>
  (header ?? '').split(',').map((token) => token.trim().toLowerCase());

/** The head of a request as it would be without its wish for another protocol, which a server may ignore (RFC 9110, 7.8). */
export function headWithoutUpgrade({
  method = 'GET',
  url = '/',
  httpVersion,
  rawHeaders,
}: Pick<IncomingMessage, 'method' | 'url' | 'httpVersion' | 'rawHeaders'>): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    const lower = name.toLowerCase();
    if (lower === 'upgrade') continue;
    if (lower !== 'connection') lines.push(`${name}: ${value}`);
    else
      lines.push(
        `${name}: ${tokensOf(value)
          .filter((token) => token !== 'upgrade')
          .join(', ')}`,
      );
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}
