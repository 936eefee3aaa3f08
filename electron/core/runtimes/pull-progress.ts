import type { Progress } from '../../shared/instances.ts';

/** A runtime's last line without its marks of level and time, and how much is there. */
export function progressOf(line: string, kib: number): Progress {
  const plain = line
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal begin with one
    .replace(/\u001b\[[0-9;]*[A-Za-z]/g, '')
    .replace(/^time="[^"]*" level=\w+ msg=/, '')
    .replace(/^(?:INFO|WARNING|DEBUG|VERBOSE):\s*/, '')
    .trim();
  const percent = /(?:^|\s)(\d{1,3})(?:\.\d+)?\s?%/.exec(plain)?.[1];
  const size = kib >= 1024 ? `${Math.round(kib / 1024)} MiB so far` : '';
  return {
    fraction: percent === undefined ? null : Math.min(1, Number(percent) / 100),
    text: [plain.slice(0, 200), size].filter((part) => part !== '').join(' · '),
  };
}
