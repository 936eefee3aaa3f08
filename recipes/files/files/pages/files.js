// Written by hand for the browser as it is: no build, no libraries.
const byId = (id) => document.getElementById(id);
const note = byId('note');
let here = '';
let readOnly = false;
/** What the folder has, in the order of its rows. */
let entries = [];
/** Names of the chosen entries. */
const chosen = new Set();
/** Where a range begins. */
let anchor = null;

const join = (folder, name) => (folder === '' ? name : `${folder}/${name}`);
const address = (route, path, more = {}) => `${route}?${new URLSearchParams({ path, ...more })}`;

function size(bytes) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `2026-03-03 14:20`, in this computer's time zone. */
function isoTime(at) {
  const date = new Date(at);
  const pad = (value) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

function showSelection() {
  const files = entries.filter(({ name, folder }) => chosen.has(name) && !folder);
  byId('selection').hidden = chosen.size === 0;
  byId('count').textContent = `${chosen.size} selected`;
  byId('fetch').textContent = `Download ${files.length}`;
  byId('fetch').hidden = files.length === 0;
  byId('remove').hidden = readOnly;
  const all = byId('all');
  all.checked = entries.length > 0 && chosen.size === entries.length;
  all.indeterminate = chosen.size > 0 && !all.checked;
  for (const line of byId('entries').querySelectorAll('tr[data-name]')) {
    const isChosen = chosen.has(line.dataset.name);
    line.classList.toggle('chosen', isChosen);
    line.querySelector('input[type="checkbox"]').checked = isChosen;
  }
}

/** With Shift all rows from the last one on become as this one. */
function choose(name, isChosen, isRange) {
  const names = entries.map((entry) => entry.name);
  const [from, to] = [names.indexOf(isRange && anchor !== null ? anchor : name), names.indexOf(name)].sort(
    (one, other) => one - other,
  );
  for (const each of names.slice(Math.max(0, from), to + 1)) {
    if (isChosen) chosen.add(each);
    else chosen.delete(each);
  }
  anchor = name;
  showSelection();
}

function picker(name) {
  const label = Object.assign(document.createElement('label'), { className: 'pick' });
  const box = Object.assign(document.createElement('input'), { type: 'checkbox' });
  box.setAttribute('aria-label', `Select ${name}`);
  box.addEventListener('click', (event) => choose(name, box.checked, event.shiftKey));
  label.append(box);
  return label;
}

async function ask(url, options) {
  const answer = await fetch(url, options);
  const told = await answer.json().catch(() => ({ error: `The app answered ${answer.status}.` }));
  if (!answer.ok) throw Object.assign(new Error(told.error), { status: answer.status });
  return told;
}

const change = (route, path, more) =>
  ask(address(route, path, more), { method: 'POST', headers: { 'X-Files': 'page' } });

function button(label, name, action) {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = label;
  made.setAttribute('aria-label', name);
  made.addEventListener('click', () => attempt(action));
  return made;
}

async function attempt(action) {
  try {
    await action();
  } catch (error) {
    note.textContent = error.message;
  }
}

function row(entry) {
  const path = join(here, entry.name);
  const line = document.createElement('tr');
  line.dataset.name = entry.name;
  const cell = (content, className = '') => {
    const made = Object.assign(document.createElement('td'), { className });
    made.append(content);
    line.append(made);
    return made;
  };
  const open = entry.folder
    ? button(`${entry.name}/`, `Open the folder ${entry.name}`, () => show(path))
    : Object.assign(document.createElement('a'), {
        textContent: entry.name,
        href: address('raw', path),
        download: entry.name,
      });
  open.classList.add('name');
  cell(picker(entry.name));
  cell(open);
  cell(entry.folder ? '' : size(entry.size), 'fact');
  cell(isoTime(entry.changed), 'fact');
  const actions = cell('');
  if (!readOnly) {
    actions.append(
      button('Rename', `Rename ${entry.name}`, async () => rename(open.parentElement, entry.name)),
      ' ',
      confirmed('Delete', `Delete ${entry.name}`, async () => {
        await change('delete', path);
        await show(here);
        note.textContent = `${entry.name} is deleted.`;
      }),
    );
  }
  return line;
}

// Two clicks: the second one within some seconds.
function confirmed(label, name, action) {
  let armed = false;
  const made = button(label, name, async () => {
    if (armed) return action();
    armed = true;
    made.textContent = 'Really delete';
    setTimeout(() => {
      armed = false;
      made.textContent = label;
    }, 5000);
  });
  return made;
}

function field(label, value, done) {
  const input = Object.assign(document.createElement('input'), { value });
  input.setAttribute('aria-label', label);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') attempt(() => show(here));
    if (event.key === 'Enter') attempt(() => done(input.value));
  });
  return input;
}

function rename(cell, name) {
  const input = field(`New name of ${name}`, name, async (value) => {
    await change('rename', join(here, name), { to: join(here, value) });
    await show(here);
  });
  cell.replaceChildren(input);
  input.select();
}

function crumbs(root) {
  const parts = here === '' ? [] : here.split('/');
  const made = [button(root, `Open the folder ${root}`, () => show(''))];
  parts.forEach((part, index) => {
    made.push(
      ' / ',
      button(part, `Open the folder ${part}`, () => show(parts.slice(0, index + 1).join('/'))),
    );
  });
  byId('crumbs').replaceChildren(...made);
}

async function show(path) {
  const told = await ask(address('list', path));
  here = path;
  readOnly = told.readOnly;
  byId('new').hidden = readOnly;
  byId('upload').hidden = readOnly;
  crumbs(told.root);
  entries = told.entries;
  chosen.clear();
  anchor = null;
  byId('entries').replaceChildren(...entries.map(row));
  showSelection();
  note.textContent = `${told.entries.length} ${told.entries.length === 1 ? 'entry' : 'entries'}, ${size(told.free)} free`;
}

async function upload(files) {
  for (const file of files) {
    const path = join(here, file.name);
    const send = (replace) =>
      ask(address('raw', path), { method: 'PUT', body: file, headers: { 'X-Files': 'page', 'X-Replace': replace } });
    note.textContent = `Uploading ${file.name} (${size(file.size)})…`;
    try {
      await send('no');
    } catch (error) {
      if (error.status !== 412) throw error;
      if (!confirm(`There is a ${file.name} already. Replace it?`)) continue;
      await send('yes');
    }
  }
  await show(here);
}

byId('all').addEventListener('click', (event) => {
  chosen.clear();
  if (event.target.checked) for (const { name } of entries) chosen.add(name);
  showSelection();
});
byId('clear').addEventListener('click', () => {
  chosen.clear();
  showSelection();
});
byId('fetch').addEventListener('click', () => {
  for (const { name, folder } of entries) {
    if (!chosen.has(name) || folder) continue;
    Object.assign(document.createElement('a'), { href: address('raw', join(here, name)), download: name }).click();
  }
});
const removal = confirmed('Delete', 'Delete what is selected', async () => {
  const names = [...chosen];
  for (const name of names) await change('delete', join(here, name));
  await show(here);
  note.textContent = `${names.length} ${names.length === 1 ? 'entry is' : 'entries are'} deleted.`;
});
removal.classList.add('danger');
byId('remove').append(removal);
document.addEventListener('keydown', (event) => {
  if (event.target instanceof HTMLInputElement && event.target.type !== 'checkbox') return;
  if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    for (const { name } of entries) chosen.add(name);
    showSelection();
  }
  if (event.key === 'Escape') {
    chosen.clear();
    showSelection();
  }
});
byId('upload').addEventListener('click', () => byId('chooser').click());
byId('chooser').addEventListener('change', async (event) => {
  await attempt(() => upload([...event.target.files]));
  event.target.value = '';
});
byId('new').addEventListener('click', () => {
  const line = document.createElement('tr');
  const cell = document.createElement('td');
  cell.colSpan = 5;
  const input = field('Name of the new folder', '', async (value) => {
    await change('folder', join(here, value));
    await show(here);
  });
  cell.append(input);
  line.append(cell);
  byId('entries').prepend(line);
  input.focus();
});
for (const kind of ['dragover', 'dragleave', 'drop']) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    document.body.classList.toggle('over', kind === 'dragover' && !readOnly);
    if (kind === 'drop' && !readOnly) attempt(() => upload([...event.dataTransfer.files]));
  });
}
attempt(() => show(''));
