import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { type LaunchedApp, launchApp } from '../helpers/electron.ts';
import { answerDialogs, askedQuestions, engineProcess, invoke } from '../helpers/shell.ts';

let tunel: LaunchedApp;
let downloads: string;
let id: string;
let view: Page;

const slice = async () => {
  const state = await tunel.window.evaluate(() => Reflect.get(window, 'views') as unknown);
  return state as {
    list: {
      id: string;
      instanceId: string;
      title: string;
      zoom: number;
      detached: boolean;
      find: { total: number } | null;
    }[];
    selected: string | null;
    fullScreen: boolean;
  };
};

async function launch(): Promise<string> {
  const { id: launched } = await invoke(tunel.window, 'instances.launch', { clusterId: 'demo', recipe: 'hello' });
  await expect
    .poll(async () => {
      const { state } = await invoke(tunel.window, 'app.state', undefined);
      const instance = state.instances.find((entry) => entry.id === launched);
      return instance?.error?.message ?? instance?.state;
    })
    .toBe('ready');
  return launched;
}

async function openView(instanceId: string): Promise<Page> {
  await invoke(tunel.window, 'views.open', { instanceId });
  const find = () => tunel.app.windows().find((page) => page.url().startsWith(`https://${instanceId}.apps.internal/`));
  await expect.poll(() => find() !== undefined).toBe(true);
  const page = find();
  if (!page) throw new Error('The view has no page.');
  await page.waitForLoadState('load');
  return page;
}

test.beforeAll(async () => {
  downloads = await mkdtemp(join(tmpdir(), 'tunel-downloads-'));
  tunel = await launchApp({ env: { TUNEL_DOWNLOAD_DIR: downloads } });
  await answerDialogs(tunel.app, 1);
  await tunel.window.evaluate(() => {
    window.tunel.on('state.changed', ({ patches }) => {
      for (const patch of patches) {
        if (patch.op === 'replace' && patch.slices.views) Reflect.set(window, 'views', patch.slices.views);
      }
    });
  });
  await expect
    .poll(async () =>
      (await invoke(tunel.window, 'app.state', undefined)).state.clusters.map(({ cluster }) => cluster.id),
    )
    .toContain('demo');
  id = await launch();
  view = await openView(id);
});

test.afterAll(async () => {
  const { state } = await invoke(tunel.window, 'app.state', undefined);
  for (const instance of state.instances) {
    if (instance.endedAt === null) await invoke(tunel.window, 'instances.end', { id: instance.id });
  }
  await expect
    .poll(async () =>
      (await invoke(tunel.window, 'app.state', undefined)).state.instances.every((entry) => entry.endedAt !== null),
    )
    .toBe(true);
  await tunel.close();
  await rm(downloads, { recursive: true, force: true });
});

test('shows the app on an origin of its own, without a way to Tunel', async () => {
  const seen = await view.evaluate(() => ({
    origin: location.origin,
    secure: isSecureContext,
    bridge: typeof Reflect.get(window, 'tunel'),
    require: typeof Reflect.get(window, 'require'),
  }));
  expect(seen).toEqual({
    origin: `https://${id}.apps.internal`,
    secure: true,
    bridge: 'undefined',
    require: 'undefined',
  });
  expect(await slice()).toMatchObject({ selected: id, list: [{ instanceId: id, title: await view.title() }] });
  const session = await tunel.app.evaluate(({ webContents }, origin) => {
    const contents = webContents.getAllWebContents().find((entry) => entry.getURL().startsWith(origin));
    const preferences = (
      contents as unknown as { getLastWebPreferences(): Record<string, unknown> }
    ).getLastWebPreferences();
    return {
      persistent: contents?.session.isPersistent(),
      sandbox: preferences.sandbox,
      preload: preferences.preload ?? null,
    };
  }, `https://${id}.apps.internal`);
  expect(session).toEqual({ persistent: true, sandbox: true, preload: null });
});

test('carries WebSockets', async () => {
  const opened = await view.evaluate(
    () =>
      new Promise<boolean>((resolve) => {
        const socket = new WebSocket(`wss://${location.host}/live`);
        socket.onopen = () => resolve(true);
        socket.onerror = () => resolve(false);
      }),
  );
  expect(opened).toBe(true);
});

test('reaches nothing but its own app, neither outside nor on this computer nor another app of the same recipe', async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.end('secret');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const other = await launch();
  await openView(other);
  await invoke(tunel.window, 'views.select', { viewId: id });
  const reached = await view.evaluate(
    (urls) =>
      Promise.all(
        urls.map((url) =>
          fetch(url, { mode: 'no-cors' }).then(
            () => url,
            () => null,
          ),
        ),
      ),
    [
      `http://127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      'https://example.org/',
      'https://none.apps.internal/',
      `https://${other}.apps.internal/`,
    ],
  );
  server.close();
  expect(reached).toEqual([null, null, null, null, null]);
  expect(asked).toBe(0);
  await invoke(tunel.window, 'views.close', { viewId: other });
  expect((await slice()).list).toHaveLength(1);
});

test('grants no permission but writing to the clipboard', async () => {
  const states = await view.evaluate(async () => {
    const names = ['camera', 'microphone', 'geolocation', 'notifications', 'midi', 'clipboard-read', 'clipboard-write'];
    const found: Record<string, string> = {};
    for (const name of names) found[name] = (await navigator.permissions.query({ name: name as PermissionName })).state;
    return found;
  });
  expect(states).toEqual({
    ...{ camera: 'denied', microphone: 'denied', geolocation: 'denied', notifications: 'denied', midi: 'denied' },
    ...{ 'clipboard-read': 'denied', 'clipboard-write': 'granted' },
  });
});

const pageAt = async (path: string): Promise<Page> => {
  const find = () => tunel.app.windows().find((page) => page.url() === `https://${id}.apps.internal${path}`);
  await expect.poll(() => find() !== undefined, path).toBe(true);
  const page = find();
  if (!page) throw new Error(`There is no page at ${path}.`);
  await page.waitForLoadState('load');
  return page;
};

/** Closes what the app has opened beside its first page. */
const closeOpened = async () => {
  for (const { id: viewId } of (await slice()).list)
    if (viewId !== id) await invoke(tunel.window, 'views.close', { viewId });
  await expect.poll(async () => (await slice()).list.map((each) => each.id)).toEqual([id]);
  await invoke(tunel.window, 'views.select', { viewId: id });
};

test('shows a page that the app opens as a tab with the toolbar, which knows its opener', async () => {
  const windows = () => tunel.app.evaluate(({ BaseWindow }) => BaseWindow.getAllWindows().length);
  await view.evaluate(() => {
    Reflect.set(
      window,
      'said',
      new Promise((resolve) => window.addEventListener('message', ({ data }) => resolve(data))),
    );
    Reflect.set(window, 'opened', window.open('/?popup', 'sign-in', 'width=400,height=300'));
  });
  const popup = await pageAt('/?popup');
  expect(await windows()).toBe(1);
  const { list, selected } = await slice();
  expect(list).toMatchObject([{ instanceId: id }, { instanceId: id, title: await popup.title() }]);
  expect(selected).toBe(list[1]?.id);
  await expect(tunel.window.getByRole('navigation', { name: 'Views' }).getByRole('listitem')).toHaveCount(2);
  const toolbar = tunel.window.getByRole('toolbar', { name: 'View' });
  await expect(toolbar.getByRole('button', { name: 'Stop' })).toBeVisible();
  expect(await popup.evaluate(() => typeof Reflect.get(window, 'tunel'))).toBe('undefined');
  // It fills the place of the selected view, and is no stale picture of it.
  expect(await popup.evaluate(() => innerWidth)).toBe(await tunel.window.evaluate(() => innerWidth));

  await popup.evaluate(() => (window.opener as Window).postMessage('signed in', location.origin));
  expect(await view.evaluate(() => Reflect.get(window, 'said') as Promise<string>)).toBe('signed in');
  await popup.evaluate(() => window.close());
  await expect.poll(async () => (await slice()).list.map((each) => each.id)).toEqual([id]);
  expect(await view.evaluate(() => (Reflect.get(window, 'opened') as Window).closed)).toBe(true);
  await invoke(tunel.window, 'views.select', { viewId: id });
});

test('opens links, forms and empty pages as tabs: in front, or behind where the user wants to stay', async () => {
  await view.evaluate(() => {
    const add = (html: string) => document.body.insertAdjacentHTML('afterbegin', html);
    add('<a id="blank" href="/?blank" target="_blank">blank</a> <a id="plain" href="/?plain">plain</a>');
    add(
      '<form id="form" action="/?form" target="_blank"><input name="q" value="1"><button id="send">send</button></form>',
    );
  });
  const opened = async (path: string, isShown: boolean, open: () => Promise<unknown>) => {
    await open();
    const page = await pageAt(path);
    const { list, selected } = await slice();
    expect(list.map((each) => each.instanceId)).toEqual([id, id]);
    expect([path, selected]).toEqual([path, isShown ? list[1]?.id : id]);
    expect(await page.evaluate(() => document.body.textContent)).toContain('Socket');
    await closeOpened();
  };
  await opened('/?blank', true, () => view.locator('#blank').click());
  await opened('/?plain', false, () => view.locator('#plain').click({ modifiers: ['ControlOrMeta'] }));
  await opened('/?plain', false, () => view.locator('#plain').click({ button: 'middle' }));
  await opened('/?plain', true, () => view.locator('#plain').click({ modifiers: ['Shift'] }));
  await opened('/?q=1', false, () => view.locator('#send').click({ modifiers: ['ControlOrMeta'] }));
  await opened('/?q=1', true, () => view.evaluate(() => document.querySelector<HTMLFormElement>('#form')?.submit()));
  await opened('/?filled', true, () =>
    view.evaluate(() => {
      const empty = window.open('about:blank');
      if (empty) empty.location.href = '/?filled';
    }),
  );
  await opened('/?noopener', true, () => view.evaluate(() => void window.open('/?noopener', '_blank', 'noopener')));
  await view.evaluate(() => {
    for (const each of document.querySelectorAll('#blank, #plain, #form')) each.remove();
  });
});

test('keeps what an app opened when its first page is closed, and lets it open twenty pages', async () => {
  await view.evaluate(() => {
    for (let index = 0; index < 25; index += 1) window.open(`/?many=${index}`);
  });
  await expect.poll(async () => (await slice()).list.length).toBe(20);
  for (const each of (await slice()).list.slice(2)) await invoke(tunel.window, 'views.close', { viewId: each.id });
  await invoke(tunel.window, 'views.close', { viewId: id });
  const left = (await slice()).list;
  expect(left).toHaveLength(1);
  const page = await pageAt('/?many=0');
  expect(await page.evaluate(() => fetch('/').then(({ status }) => status))).toBe(200);
  await invoke(tunel.window, 'views.open', { instanceId: id });
  view = await pageAt('/');
  await closeOpened();
});

test('asks before an address outside is opened in the browser', async () => {
  expect(await view.evaluate(() => window.open('https://example.org/x') === null)).toBe(true);
  await expect.poll(() => askedQuestions(tunel.app)).toEqual(['Open example.org in your browser?']);
  await view.evaluate(() => {
    location.href = 'file:///etc/passwd';
  });
  expect(view.url()).toContain(`https://${id}.apps.internal/`);
});

test('finds, zooms, goes back and forward', async () => {
  await invoke(tunel.window, 'views.find', { text: 'Socket' });
  await expect.poll(async () => (await slice()).list[0]?.find?.total ?? 0).toBeGreaterThan(0);
  await invoke(tunel.window, 'views.stopFind', undefined);
  expect((await slice()).list[0]?.find).toBeNull();
  await invoke(tunel.window, 'views.zoom', { factor: 1.5 });
  await expect.poll(() => view.evaluate(() => devicePixelRatio)).toBe(1.5);
  expect((await slice()).list[0]?.zoom).toBe(1.5);
  await invoke(tunel.window, 'views.zoom', { factor: 1 });
  await view.evaluate(() => history.pushState(null, '', '/?second'));
  await expect.poll(() => view.url()).toContain('?second');
  await invoke(tunel.window, 'views.back', undefined);
  await expect.poll(() => view.evaluate(() => location.search)).toBe('');
  await invoke(tunel.window, 'views.forward', undefined);
  await expect.poll(() => view.evaluate(() => location.search)).toBe('?second');
});

test('gives way to a picture of itself and comes back', async () => {
  // Under the driver every page believes that it is seen, so the screen itself is looked at.
  const red = 'rgb(255,0,0)';
  const middle = () =>
    tunel.app.evaluate(async ({ BrowserWindow, desktopCapturer, screen }) => {
      const bounds = BrowserWindow.getAllWindows()[0]?.getContentBounds() ?? { x: 0, y: 0, width: 0, height: 0 };
      const size = screen.getPrimaryDisplay().size;
      const [source] = await desktopCapturer.getSources({ types: ['screen'], thumbnailSize: size });
      const x = Math.round(bounds.x + bounds.width / 2);
      const y = Math.round(bounds.y + bounds.height / 2);
      const [blue, green, pixelRed] = source?.thumbnail.crop({ x, y, width: 1, height: 1 }).toBitmap() ?? [];
      return `rgb(${pixelRed},${green},${blue})`;
    });
  await view.evaluate(() => {
    document.documentElement.style.background = 'red';
    document.body.hidden = true;
  });
  await expect.poll(middle).toBe(red);
  const { picture } = await invoke(tunel.window, 'views.cover', { covered: true });
  expect(picture).toMatch(/^data:image\/jpeg;base64,.{1000}/);
  await expect.poll(middle).not.toBe(red);
  await invoke(tunel.window, 'views.cover', { covered: false });
  await expect.poll(middle).toBe(red);
  await invoke(tunel.window, 'views.select', { viewId: null });
  await expect.poll(middle).not.toBe(red);
  await invoke(tunel.window, 'views.select', { viewId: id });
  await expect.poll(middle).toBe(red);
  await view.evaluate(() => {
    document.body.hidden = false;
  });
});

test('moves to a window of its own and back, as the same page', async () => {
  await view.evaluate(() => Reflect.set(window, 'marker', 'same'));
  await invoke(tunel.window, 'views.detach', { viewId: id });
  expect((await slice()).list[0]?.detached).toBe(true);
  const windows = () =>
    tunel.app.evaluate(({ BaseWindow }) => BaseWindow.getAllWindows().map((window) => window.getTitle()));
  expect(await windows()).toHaveLength(2);
  expect(await windows()).toContain(await view.title());
  await invoke(tunel.window, 'views.attach', { viewId: id });
  expect(await windows()).toHaveLength(1);
  expect(await view.evaluate(() => Reflect.get(window, 'marker'))).toBe('same');
  expect((await slice()).selected).toBe(id);
});

test('keeps F6 for the toolbar and leaves Ctrl W to the app', async () => {
  await tunel.window.evaluate(() => {
    const keys: string[] = [];
    Reflect.set(window, 'keys', keys);
    window.tunel.on('keys.pressed', ({ key }) => keys.push(key));
    window.tunel.on('menu.command', ({ command }) => keys.push(command));
  });
  await view.evaluate(() => {
    const keys: string[] = [];
    Reflect.set(window, 'keys', keys);
    window.addEventListener('keydown', ({ key }) => keys.push(key));
  });
  await invoke(tunel.window, 'views.focus', undefined);
  await tunel.app.evaluate(({ webContents }, origin) => {
    const contents = webContents.getAllWebContents().find((entry) => entry.getURL().startsWith(origin));
    contents?.sendInputEvent({ type: 'keyDown', keyCode: 'W', modifiers: ['control'] });
    contents?.sendInputEvent({ type: 'keyDown', keyCode: 'F6' });
  }, `https://${id}.apps.internal`);
  await expect.poll(() => tunel.window.evaluate(() => Reflect.get(window, 'keys'))).toEqual(['toolbar']);
  expect(await view.evaluate(() => Reflect.get(window, 'keys'))).toEqual(['w']);
});

test('has the whole screen by F11, keeps a tap on Escape, and gives the screen back', async () => {
  const send = (...events: { type: 'keyDown' | 'keyUp'; keyCode: string }[]) =>
    tunel.app.evaluate(
      ({ webContents }, { origin, list }) => {
        const contents = webContents.getAllWebContents().find((entry) => entry.getURL().startsWith(origin));
        for (const event of list) contents?.sendInputEvent(event);
      },
      { origin: `https://${id}.apps.internal`, list: events },
    );
  const isFull = async () => (await slice()).fullScreen;
  const gap = async () =>
    (await tunel.window.evaluate(() => innerHeight)) - (await view.evaluate(() => Math.round(innerHeight)));
  const focused = () => tunel.app.evaluate(({ webContents }) => webContents.getFocusedWebContents()?.getURL() ?? '');
  const toolbar = tunel.window.getByRole('toolbar', { name: 'View' });
  const before = await gap();
  await invoke(tunel.window, 'views.focus', undefined);
  await send({ type: 'keyDown', keyCode: 'F11' }, { type: 'keyUp', keyCode: 'F11' });
  await expect.poll(isFull).toBe(true);
  // The edge at which the toolbar comes back is all that is left of ours.
  await expect.poll(gap).toBe(3);
  await expect(tunel.window.getByRole('navigation', { name: 'Views' })).toBeHidden();

  await view.evaluate(() => Reflect.set(window, 'keys', []));
  await view.evaluate(() => {
    window.addEventListener('keyup', ({ key }) => (Reflect.get(window, 'keys') as string[]).push(`${key} up`));
  });
  await send({ type: 'keyDown', keyCode: 'Escape' }, { type: 'keyUp', keyCode: 'Escape' });
  await expect.poll(() => view.evaluate(() => Reflect.get(window, 'keys'))).toContain('Escape up');
  expect(await isFull()).toBe(true);

  await send({ type: 'keyDown', keyCode: 'F6' }, { type: 'keyUp', keyCode: 'F6' });
  await expect(toolbar.getByRole('button').and(tunel.window.locator(':focus'))).toBeVisible();
  await expect.poll(gap).toBeGreaterThan(3);
  await tunel.window.keyboard.press('Escape');
  await expect.poll(isFull).toBe(false);
  await expect.poll(gap).toBe(before);
  await expect.poll(focused).toContain('.apps.internal');

  await toolbar.getByRole('button', { name: /^Full screen/ }).click();
  await expect.poll(gap).toBe(3);
  await expect.poll(focused).toContain('.apps.internal');
  await send({ type: 'keyDown', keyCode: 'Escape' });
  await expect.poll(isFull).toBe(false);
  await send({ type: 'keyUp', keyCode: 'Escape' });
  await expect.poll(gap).toBe(before);
});

test('saves downloads byte for byte', async () => {
  await view.evaluate(() => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([bytes]));
    link.download = '../../évil.bin';
    link.click();
  });
  const expected = Buffer.from(Uint8Array.from({ length: 100_000 }, (_, index) => index % 251));
  await expect
    .poll(async () => {
      const [name] = await readdir(downloads);
      return name ? (await readFile(join(downloads, name))).equals(expected) : false;
    })
    .toBe(true);
});

test('goes on as the same page when the engine is killed', async () => {
  await view.evaluate(() => Reflect.set(window, 'marker', 'alive'));
  const before = await engineProcess(tunel.app);
  if (before === null) throw new Error('The engine has no process.');
  process.kill(before, 'SIGKILL');
  await expect
    .poll(async () => {
      const now = await engineProcess(tunel.app);
      return now !== null && now !== before;
    })
    .toBe(true);
  await expect
    .poll(() =>
      view.evaluate(() =>
        fetch('/', { cache: 'no-store' }).then(
          (answer) => answer.status,
          () => 0,
        ),
      ),
    )
    .toBe(200);
  expect(await view.evaluate(() => Reflect.get(window, 'marker'))).toBe('alive');
});

test('asks before it closes a page that objects', async () => {
  await view.evaluate(() => {
    window.addEventListener('beforeunload', (event) => event.preventDefault());
  });
  // Chromium listens to objections only of pages that were used.
  await view.locator('body').click({ position: { x: 5, y: 5 } });
  await answerDialogs(tunel.app, 1);
  await invoke(tunel.window, 'views.close', { viewId: id });
  expect(await askedQuestions(tunel.app)).toHaveLength(1);
  expect((await slice()).list).toHaveLength(1);
  await answerDialogs(tunel.app, 0);
  await invoke(tunel.window, 'views.close', { viewId: id });
  expect((await slice()).list).toHaveLength(0);
  expect(view.isClosed()).toBe(true);
  const { state } = await invoke(tunel.window, 'app.state', undefined);
  expect(state.instances.find((entry) => entry.id === id)?.state).toBe('ready');
});
