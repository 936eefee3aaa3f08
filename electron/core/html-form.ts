/**
 * What a sign-in page asks, read without a parser of HTML: enough for a form, no script is run. The page is the app's, so
 * each function takes time linear in it.
 */

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'", '#34': '"' };
const decoded = (text: string): string =>
  text.replace(/&(#?\w{1,10});/g, (whole, name: string) => entities[name.toLowerCase()] ?? whole);

/** What stands between each tag of that name and the next, the tag's own name left out. */
const behind = (html: string, name: 'form' | 'input'): string[] => html.split(new RegExp(`<${name}\\b`, 'i')).slice(1);

/** The inside of each form, and its own tag. */
export function forms(html: string): { tag: string; inside: string }[] {
  return behind(html, 'form').flatMap((text) => {
    const tag = /^[^<>]*>/.exec(text)?.[0];
    const end = text.search(/<\/form>/i);
    return tag === undefined || end === -1 ? [] : [{ tag, inside: text.slice(tag.length, end) }];
  });
}

/** The tag of each input field. */
export const inputs = (html: string): string[] =>
  behind(html, 'input').flatMap((text) => /^(?:[^<>"']|"[^"]*"|'[^']*')*>/.exec(text)?.[0] ?? []);

/** An attribute of a tag; undefined: it has none of that name. */
export function attribute(tag: string, name: 'name' | 'value' | 'type' | 'action'): string | undefined {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>"']+))`, 'i').exec(tag);
  const value = match?.[1] ?? match?.[2] ?? match?.[3];
  return value === undefined ? undefined : decoded(value);
}
