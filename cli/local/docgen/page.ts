/** Text for HTML, also inside quotes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** A whole page. It loads nothing from anywhere: its style is inside, its script beside it. */
export function page(title: string, body: string, script = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'self' file:">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
${script === '' ? '' : `<script src="${script}"></script>\n`}</body>
</html>
`;
}

const style = `
:root { color-scheme: light dark; --text: #1c2024; --dim: #5b636b; --line: #d9dde1; --ground: #fff; --card: #f6f8fa; --accent: #1864ab; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6e8ea; --dim: #a4acb4; --line: #3a4046; --ground: #17191c; --card: #202327; --accent: #74b4ef; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { margin: 0 0 .25rem; line-height: 1.2; }
h2 { margin: 2rem 0 .5rem; font-size: 1.15rem; }
a { color: var(--accent); }
p, li, td { overflow-wrap: anywhere; }
.dim { color: var(--dim); }
input { width: 100%; margin: .25rem 0 1rem; padding: .6rem .8rem; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: .8rem; padding: 0; list-style: none; }
.cards li { padding: .9rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
.cards h2 { margin: 0; font-size: 1.05rem; }
.cards p { margin: .3rem 0 0; }
[hidden] { display: none !important; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .45rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
code, pre { font: .9em/1.45 ui-monospace, monospace; }
td:first-child code { white-space: nowrap; }
pre { padding: .8rem 1rem; overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
`;
