/** An answer of the app that is refused. The message is a sentence for the user. */
export class RefusedAnswer extends Error {}

/** How the end of a body is found. `close`: it lasts until the app closes the connection. */
type Framing = { kind: 'none' } | { kind: 'length'; length: number } | { kind: 'chunked' } | { kind: 'close' };

/** The head of an answer, read as Chromium reads it, with nothing in it that strict HTTP/1.1 forbids. */
export interface UpstreamHead {
  version: '1.0' | '1.1';
  status: number;
  reason: string;
  /** Without those of the framing and without `Connection`. */
  headers: readonly (readonly [name: string, value: string])[];
  framing: Framing;
  /** `Content-Length` of an answer without a body, to `HEAD` for instance, where it says what a body would have. */
  statedLength: number | null;
  /** Tokens of `Connection`, lower case, without `close` and `keep-alive`. */
  connectionNames: readonly string[];
  /** The channel must not carry another answer after this one. */
  closes: boolean;
}

const LF = 0x0a;
const CR = 0x0d;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: They are what is looked for.
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/g;
/** Up to so many bytes before the status line are skipped, as Chromium does: line ends or a byte order mark. */
const MOST_JUNK = 4;

/** Where the status line begins; undefined while that cannot be said. @throws RefusedAnswer: not HTTP */
function findStatusLine(bytes: Buffer): number | undefined {
  const at = bytes.toString('latin1', 0, MOST_JUNK + 4).search(/http/i);
  if (at >= 0) return at;
  if (bytes.length < MOST_JUNK + 4) return undefined;
  throw new RefusedAnswer('What came back is not HTTP.');
}

/** Where the first head of `bytes` begins and ends; undefined: it is not whole. Lines end with or without a CR. */
export function findHead(bytes: Buffer): { start: number; end: number } | undefined {
  const start = findStatusLine(bytes);
  if (start === undefined) return undefined;
  for (let lf = bytes.indexOf(LF, start); lf >= 0; lf = bytes.indexOf(LF, lf + 1)) {
    if (bytes[lf + 1] === LF) return { start, end: lf + 2 };
    if (bytes[lf + 1] === CR && bytes[lf + 2] === LF) return { start, end: lf + 3 };
  }
  return undefined;
}

/** `text`: the head as latin1, from its status line on. @throws RefusedAnswer */
export function readHead(text: string, method: string): UpstreamHead {
  if (text.includes('\0')) throw new RefusedAnswer('A header of its answer contains a NUL byte.');
  const [statusLine = '', ...lines] = text.split('\n');
  const { version, status, reason } = readStatusLine(statusLine);
  const fields = readFields(lines);
  refuseTwoAnswers(fields);
  // Other encodings are ignored, as Chromium does: none was asked for.
  const isChunked = listOf(fields, 'transfer-encoding').includes('chunked');
  const length = readLength(fields, isChunked);
  const hasNoBody = method === 'HEAD' || status < 200 || status === 204 || status === 205 || status === 304;
  const framing = hasNoBody ? ({ kind: 'none' } as const) : readFraming(isChunked, length, version);
  const connection = listOf(fields, 'connection');
  const isDoubtful = isChunked && (length !== null || version === '1.0');
  const endsByItself = version === '1.0' && !connection.includes('keep-alive');
  return {
    version,
    status,
    reason,
    headers: withoutRepeats(fields.filter(([name]) => !FRAMING.has(name.toLowerCase()))),
    framing,
    statedLength: (method === 'HEAD' || status === 304) && !isChunked ? length : null,
    connectionNames: connection.filter((name) => name !== 'close' && name !== 'keep-alive'),
    closes: isDoubtful || endsByItself || framing.kind === 'close' || connection.includes('close'),
  };
}

/** As strict HTTP/1.1. */
export function writeHead(head: UpstreamHead): string {
  const { version, status, reason, headers, framing, statedLength, connectionNames } = head;
  const lines = [`HTTP/${version} ${status} ${reason}`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  if (framing.kind === 'chunked') lines.push('Transfer-Encoding: chunked');
  if (framing.kind === 'length') lines.push(`Content-Length: ${framing.length}`);
  if (statedLength !== null) lines.push(`Content-Length: ${statedLength}`);
  const persistence = head.closes ? 'close' : 'keep-alive';
  lines.push(`Connection: ${(status === 101 ? connectionNames : [persistence, ...connectionNames]).join(', ')}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Fields of a trailer, by the same rules; none that would have had to be in the head. */
export function readTrailer(lines: readonly string[]): [name: string, value: string][] {
  return readFields(lines).filter(([name]) => !NOT_IN_TRAILERS.has(name.toLowerCase()));
}

const FRAMING = new Set(['connection', 'content-length', 'transfer-encoding']);
/** RFC 9110 section 6.5.1: framing, routing, authentication and what decides how a body is read. */
const NOT_IN_TRAILERS = new Set([
  ...FRAMING,
  ...['trailer', 'host', 'upgrade', 'te', 'keep-alive', 'set-cookie', 'location', 'content-type', 'content-encoding'],
]);

function readStatusLine(line: string): Pick<UpstreamHead, 'version' | 'status' | 'reason'> {
  const match = /^http(?:\/(\d+)\.(\d+))?\s*(\d*)(.*)$/is.exec(line);
  const [, major = '1', minor = '0', digits = '', rest = ''] = match ?? [];
  // Chromium, too, takes a line without a status for a 200.
  const status = digits === '' ? 200 : Number(digits);
  return {
    version: Number(major) > 1 || (Number(major) === 1 && Number(minor) > 0) ? '1.1' : '1.0',
    // RFC 9110 section 15: to be treated as an error of the server.
    status: status >= 100 && status <= 599 ? status : 500,
    reason: cleanValue(digits === '' ? '' : rest),
  };
}

/** A line that begins with white space continues the one before; one without a valid name is left out. */
function readFields(lines: readonly string[]): [name: string, value: string][] {
  const unfolded: string[] = [];
  for (const line of lines) {
    if (!/^[ \t]/.test(line)) unfolded.push(line);
    else if (unfolded.length > 0) unfolded.push(`${unfolded.pop()?.trimEnd()} ${line.trim()}`);
  }
  return unfolded.flatMap((line) => {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trimEnd();
    return TOKEN.test(name) ? [[name, cleanValue(line.slice(colon + 1))]] : [];
  });
}

/** A CR or another control character becomes a space (RFC 9110 section 5.5). */
const cleanValue = (value: string): string => value.replace(CONTROL, ' ').replace(/^[ \t]+|[ \t]+$/g, '');

const valuesOf = (fields: readonly [string, string][], wanted: string): string[] =>
  fields.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);

const listOf = (fields: readonly [string, string][], wanted: string): string[] =>
  valuesOf(fields, wanted)
    .flatMap((value) => value.toLowerCase().split(','))
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Two targets or two file names in one answer look like two answers in one, and browsers refuse them. */
function refuseTwoAnswers(fields: readonly [string, string][]): void {
  for (const name of ['location', 'content-disposition']) {
    if (new Set(valuesOf(fields, name)).size > 1)
      throw new RefusedAnswer(`Its answer has two different ${name} headers.`);
  }
}

/** null: none is stated, or something that is no number, which is as good as none. */
function readLength(fields: readonly [string, string][], isChunked: boolean): number | null {
  const stated = new Set(listOf(fields, 'content-length').map((text) => text.replace(/^0+(?=\d)/, '')));
  if (stated.size > 1 && !isChunked) throw new RefusedAnswer('Its answer states two different lengths.');
  const [text = ''] = stated;
  const length = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(length) ? length : null;
}

/** HTTP/1.0 knows no chunks: there, with a length as well, nobody can say which one is meant. */
function readFraming(isChunked: boolean, length: number | null, version: '1.0' | '1.1'): Framing {
  if (isChunked && version === '1.0' && length !== null)
    throw new RefusedAnswer('Its answer is HTTP/1.0 and states a length as well as chunks.');
  if (isChunked) return { kind: 'chunked' };
  return length === null ? { kind: 'close' } : { kind: 'length', length };
}

/** Of several content types browsers use the last, where node:http keeps the first. The same file name twice is one. */
function withoutRepeats(fields: [string, string][]): [string, string][] {
  const last = (wanted: string) => fields.findLast(([name, value]) => name.toLowerCase() === wanted && value !== '');
  const kept = new Map(['content-type', 'content-disposition'].map((name) => [name, last(name)]));
  return fields.filter((field) => {
    const name = field[0].toLowerCase();
    return !kept.has(name) || kept.get(name) === field;
  });
}
