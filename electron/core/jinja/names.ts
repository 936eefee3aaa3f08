import { TemplateFault, unsupported } from './fault.ts';

/** What Jinja2 has beyond this subset, so that the error can say so instead of “does not exist”. */
const others = {
  filter: [
    'e',
    'escape',
    'filesizeformat',
    'forceescape',
    'pprint',
    'random',
    'safe',
    'striptags',
    'urlencode',
    'urlize',
    'wordwrap',
    'xmlattr',
  ],
  test: ['escaped', 'filter', 'test'],
  function: ['cycler', 'joiner', 'lipsum'],
};

export function unknownName(kind: keyof typeof others, name: string): TemplateFault {
  if (others[kind].includes(name)) return unsupported(`the ${kind} “${name}”`);
  return new TemplateFault(`there is no ${kind} “${name}”`);
}

export const isUnsupportedFunction = (name: string): boolean => others.function.includes(name);
