import { IncomingMessage, type OutgoingHttpHeaders, type OutgoingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { OwnPage } from './pages.ts';

export type FrontRequest = IncomingMessage | Http2ServerRequest;
export type FrontResponse = ServerResponse | Http2ServerResponse;

/** Sends the headers now, byte for byte: `flushHeaders` would write those above 127 as UTF-8, twice encoded. */
export function sendHeaders(message: OutgoingMessage): void {
  message.write('', 'latin1');
}

/** HTTP/2 has no reason phrase. */
export function sendHead(res: FrontResponse, status: number, reason: string, headers: OutgoingHttpHeaders): void {
  if (res instanceof ServerResponse) {
    res.writeHead(status, reason, headers);
    sendHeaders(res);
  } else {
    res.writeHead(status, headers);
  }
}

/** An answer of the gateway itself. What is left of the request's body is let go. */
export function sendOwn(req: FrontRequest, res: FrontResponse, page: OwnPage): void {
  if (res.headersSent || res.writableEnded || res.destroyed) return;
  const body = Buffer.from(page.body);
  const headers: OutgoingHttpHeaders = { ...page.headers, 'content-length': body.length };
  if (req instanceof IncomingMessage && !req.complete) headers.connection = 'close';
  sendHead(res, page.status, '', headers);
  if (req.method === 'HEAD') res.end();
  else res.end(body);
  req.resume();
}

/**
 * Ends a begun answer so that the page sees that it is not whole. A browser that reads both at once drops the headers that were
 * sent just now, so over HTTP/2 they are followed by a ping, whose answer says that they were read.
 */
export function breakOff(res: FrontResponse): void {
  if (res instanceof ServerResponse) {
    res.destroy();
    return;
  }
  const { stream } = res;
  const close = () => stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  const { session } = stream;
  const isAsked = session !== undefined && !session.destroyed && session.ping(close);
  if (!isAsked) close();
}

/** HTTP/2 says with its first frame whether a body follows; HTTP/1.1 by its framing headers. */
export function hasBody(req: FrontRequest): boolean {
  if (req instanceof IncomingMessage) {
    return req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  }
  return !req.stream.endAfterHeaders;
}

/** A reset HTTP/2 stream still emits `end`. */
export function wasCut(req: FrontRequest): boolean {
  if (req instanceof IncomingMessage) return !req.complete;
  return req.stream.aborted || req.stream.rstCode !== constants.NGHTTP2_NO_ERROR;
}
