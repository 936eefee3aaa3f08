import type { ISearchOptions } from '@xterm/addon-search';

type Colours = NonNullable<ISearchOptions['decorations']>;

/** The text of every theme colour keeps 4.5:1 on these. */
const light: Colours = {
  matchBackground: '#fff3c4',
  matchOverviewRuler: '#b58900',
  activeMatchBackground: '#ffd86b',
  activeMatchBorder: '#855000',
  activeMatchColorOverviewRuler: '#855000',
};

const dark: Colours = {
  matchBackground: '#3a3418',
  matchOverviewRuler: '#ecb95c',
  activeMatchBackground: '#51460f',
  activeMatchBorder: '#ecb95c',
  activeMatchColorOverviewRuler: '#ecb95c',
};

export const searchColours = (isDark: boolean): Colours => (isDark ? dark : light);
