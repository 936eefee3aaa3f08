import type { Recipe } from '../../../electron/core/recipes/types.ts';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';
import { escapeHtml as e, page } from './page.ts';

/**
 * A static site about recipes: `index.html` with a search, a page for each recipe, and `library.json` for programs.
 * @returns name of each file (with `/`) -> its text
 */
export function recipeSite(recipes: readonly Recipe[]): Map<string, string> {
  const files = new Map<string, string>();
  const summaries = recipes.map(({ summary }) => summary);
  files.set('index.html', index(summaries));
  files.set('search.js', search);
  for (const recipe of recipes) files.set(pageOf(recipe.summary.name), recipePage(recipe));
  const library = recipes.map(({ summary, file }) => ({
    ...summary,
    page: pageOf(summary.name),
    serve: file.serve ?? null,
    needs: file.needs ?? {},
    examples: examplesOf(file.examples),
  }));
  files.set('library.json', `${JSON.stringify({ recipes: library }, null, 2)}\n`);
  return files;
}

/** A name is a path; each part is kept readable and cannot lead out of the folder. */
const pageOf = (name: string): string =>
  `recipes/${name
    .split('/')
    .map((part) => (/^\.+$/.test(part) ? `_${part}` : part))
    .join('/')}.html`;

const linkTo = (name: string): string => pageOf(name).split('/').map(encodeURIComponent).join('/');

function index(recipes: readonly RecipeSummary[]): string {
  const cards = recipes.map(
    ({
      name,
      title,
      description,
      category,
      launchers,
    }) => `<li data-words="${e([name, title, description, category, ...launchers].join(' ').toLowerCase())}">
<h2><a href="${e(linkTo(name))}">${e(title)}</a></h2>
<p class="dim"><code>${e(name)}</code> · ${e(category)}</p>
<p>${e(description)}</p>
</li>`,
  );
  return page(
    'Recipes',
    `<h1>Recipes</h1>
<p class="dim">Apps that run on a cluster, on your desk.</p>
<label><span class="dim">Search</span>
<input type="search" id="search" autocomplete="off" autofocus></label>
<p class="dim" id="count" role="status">${recipes.length} recipes</p>
<ul class="cards" id="recipes">
${cards.join('\n')}
</ul>`,
    'search.js',
  );
}

const search = `'use strict';
const field = document.getElementById('search');
const count = document.getElementById('count');
const cards = [...document.getElementById('recipes').children];
function show() {
  const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  for (const card of cards) {
    card.hidden = !words.every((word) => card.dataset.words.includes(word));
    if (!card.hidden) shown++;
  }
  count.textContent = shown === cards.length ? shown + ' recipes' : shown + ' of ' + cards.length + ' recipes';
}
field.addEventListener('input', show);
show();
`;

function recipePage({ summary, file, template }: Recipe): string {
  const { name, title, description, requires, launchers, args, docs, image, category } = summary;
  const up = '../'.repeat(name.split('/').length);
  const facts: [string, string][] = [
    ['Name', name],
    ['Category', category],
    ['Launchers', launchers.join(', ')],
    ['Needs', requires],
    ['Modules', (file.needs?.modules ?? []).join(', ')],
    ['Container', image],
    ['Opens in a view', summary.serves ? 'yes' : 'no, a batch job'],
  ];
  const examples = examplesOf(file.examples);
  return page(
    title,
    `<p><a href="${up}index.html">All recipes</a></p>
<h1>${e(title)}</h1>
<p>${e(description)}</p>
${docs === '' ? '' : `<p>${e(docs)}</p>`}
<div class="scroll"><table>
${facts
  .filter(([, value]) => value !== '')
  .map(([what, value]) => `<tr><th scope="row">${e(what)}</th><td>${e(value)}</td></tr>`)
  .join('\n')}
</table></div>
${args.length === 0 ? '' : argTable(args)}
${examples.length === 0 ? '' : `<h2>Examples</h2>\n<pre>${e(examples.join('\n'))}</pre>`}
<h2>The script</h2>
<details><summary>${e(file.script)}</summary>
<pre>${e(template)}</pre>
</details>`,
  );
}

function argTable(args: RecipeSummary['args']): string {
  const rows = args.map((arg) => {
    const choices = (arg.choices ?? []).map((choice) => (typeof choice === 'string' ? choice : choice.value));
    const notes = [
      arg.required ? 'required' : '',
      arg.default === undefined ? '' : `default ${arg.default}`,
      choices.length === 0 ? '' : `one of ${choices.join(', ')}`,
      arg.split ? `a list, split at “${arg.split}”` : '',
    ].filter((note) => note !== '');
    return `<tr><td><code>--${e(arg.name)}</code></td><td>${e(arg.description)}</td><td class="dim">${e(notes.join('; '))}</td></tr>`;
  });
  return `<h2>Arguments</h2>
<div class="scroll"><table>
<tr><th scope="col">Argument</th><th scope="col">What it does</th><th scope="col">Values</th></tr>
${rows.join('\n')}
</table></div>`;
}

const examplesOf = (examples: string | string[] | null | undefined): string[] =>
  typeof examples === 'string' ? [examples.trimEnd()] : (examples ?? []);
