import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import { checkThrift } from './check-thrift.ts';

/** Larger pages are not unpacked, bytes. */
const PAGE_LIMIT = 64 * 1024 * 1024;
/** All pages of one column together, bytes. */
const PAGES_LIMIT = 256 * 1024 * 1024;
/** A page with more values is not read. */
const VALUES_LIMIT = 5_000_000;

const asNumber = (value: unknown): number => (typeof value === 'number' ? value : 0);

/**
 * Reads the headers of the pages of a column before the pages themselves: a few bytes may unpack to any size.
 * @throws RangeError
 */
export function checkPages(bytes: Uint8Array): void {
  let unpacked = 0;
  for (let at = 0; at < bytes.length - 1; ) {
    const end = checkThrift(bytes, at);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const header = deserializeTCompactProtocol({ view, offset: at });
    const size = asNumber(header.field_2);
    const compressed = asNumber(header.field_3);
    if (size < 0 || compressed < 0) throw new RangeError('A page of it has no valid size.');
    // Of which kind the page is, the reader decides: any of these may count.
    const kinds = [header.field_5, header.field_7, header.field_8];
    const values = Math.max(...kinds.map((about) => asNumber(about?.field_1)));
    unpacked += size;
    if (size > PAGE_LIMIT || unpacked > PAGES_LIMIT || values > VALUES_LIMIT) {
      throw new RangeError('Its pages unpack to more than is read here.');
    }
    at = end + compressed;
  }
}
