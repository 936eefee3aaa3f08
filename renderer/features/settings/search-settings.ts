import type { Settings } from '../../../electron/shared/state.ts';
import type { SettingsSection } from '../../ui-store.ts';

/** What the search knows of a setting. */
export interface SettingText {
  id: string;
  section: SettingsSection;
  title: string;
  description: string;
  /** Other words that people look for it by. */
  keywords: string;
}

/** Where each piece of a text begins that a word of the search occurs in; the pieces together are the text. */
export interface TextPiece {
  start: number;
  text: string;
  isMatch: boolean;
}

const wordsOf = (query: string): string[] => query.toLowerCase().split(/\s+/).filter(Boolean);

/** The settings in which every word of the query occurs; an empty query finds nothing. */
export function searchSettings<T extends SettingText>(
  settings: readonly T[],
  query: string,
  titleOf: (section: SettingsSection) => string,
): T[] {
  const words = wordsOf(query);
  if (words.length === 0) return [];
  return settings.filter(({ section, title, description, keywords }) => {
    const text = `${titleOf(section)} ${title} ${description} ${keywords}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Cuts a text where words of the query begin and end. */
export function markMatches(text: string, query: string): TextPiece[] {
  const words = wordsOf(query);
  const lower = text.toLowerCase();
  const isMarked = new Array<boolean>(text.length).fill(false);
  // A text that changes its length with its case has other places than the one that is shown.
  for (const word of lower.length === text.length ? words : []) {
    for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + word.length)) {
      isMarked.fill(true, at, at + word.length);
    }
  }
  const pieces: TextPiece[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const isMatch = isMarked[at] ?? false;
    const last = pieces.at(-1);
    if (last?.isMatch === isMatch) last.text += text.charAt(at);
    else pieces.push({ start: at, text: text.charAt(at), isMatch });
  }
  return pieces;
}

/** Whether a setting has another value than at first. */
export const isChanged = (settings: Settings, defaults: Settings, name: keyof Settings): boolean =>
  JSON.stringify(settings[name]) !== JSON.stringify(defaults[name]);
