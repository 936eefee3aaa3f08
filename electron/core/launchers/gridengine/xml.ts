import { ownValue } from '../../../shared/own-value.ts';

/**
 * Elements of the XML that qstat writes: no comments, no CDATA, none nested in one of its own name among those read.
 * A general parser would be larger than the two functions that are needed.
 */

const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ownValue(entities, name) ?? whole;
    const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** The insides of every element of that name. */
export function elements(xml: string, name: string): string[] {
  const inside: string[] = [];
  const start = new RegExp(`<${name}(?:\\s[^<>]*)?>`, 'g');
  for (let open = start.exec(xml); open !== null; open = start.exec(xml)) {
    const end = xml.indexOf(`</${name}>`, start.lastIndex);
    if (end === -1) break;
    inside.push(xml.slice(start.lastIndex, end));
    start.lastIndex = end;
  }
  return inside;
}

/** The text of the first element of that name, and of that `name="..."` attribute when one is given; '' when there is none. */
export function textOf(xml: string, name: string, attribute?: string): string {
  const wanted = attribute === undefined ? '(?:\\s[^<>]*)?' : `\\s(?:[^<>]*\\s)?name="${attribute}"[^<>]*`;
  return decode(new RegExp(`<${name}${wanted}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '').trim();
}
