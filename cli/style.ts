import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Text in a colour where `stream` is a terminal that shows it and the user wants it (https://no-color.org). */
export function paint(style: Style, text: string, stream: Pick<NodeJS.WriteStream, 'isTTY'> = process.stdout): string {
  const { NO_COLOR = '', TERM } = process.env;
  if (!stream.isTTY || NO_COLOR !== '' || TERM === 'dumb') return text;
  return styleText(style, text, { validateStream: false });
}
