import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

const BLOCK = Buffer.alloc(1024 * 1024, 'tunel bench block ');
const ASSETS = 100;
/** Comments only: nothing of the time is the script's own. */
const ASSET = Buffer.from(`/*${'tunel bench asset '.repeat(1110)}*/`);

/** `/bytes?N` sends so many, `/upload` counts what it is sent, `/page` has 100 scripts of 20 kB, and `/` is an empty page. */
export function webApp(): Server {
  return createServer((request, response) => {
    const [path, query = ''] = (request.url ?? '').split('?');
    response.setHeader('Cache-Control', 'no-store');
    if (path === '/bytes') send(response, Number(query));
    else if (path === '/upload') count(request, response);
    else if (path === '/asset') response.setHeader('Content-Type', 'text/javascript').end(ASSET);
    else
      response
        .setHeader('Content-Type', 'text/html')
        .end(path === '/page' ? pageOf(query) : '<!doctype html><title>bench</title>');
  });
}

function pageOf(query: string): string {
  const scripts = Array.from(
    { length: ASSETS },
    (_, index) => `<script defer src="/asset?${query}-${index}"></script>`,
  );
  return `<!doctype html><title>page</title>${scripts.join('')}`;
}

function send(response: ServerResponse, size: number): void {
  response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': size });
  let left = size;
  const more = () => {
    while (left > 0) {
      const block = left < BLOCK.length ? BLOCK.subarray(0, left) : BLOCK;
      left -= block.length;
      if (!response.write(block)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}

function count(request: IncomingMessage, response: ServerResponse): void {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  request.once('end', () => response.end(String(bytes)));
}
