import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, expect, type Locator, type Page } from '@playwright/test';

/** What is typed into the dialog "Add a cluster"; what is left out stays as the form has it. */
export interface ClusterEntry {
  name: string;
  host: string;
  port?: number;
  user: string;
  jumps?: { host: string; user: string }[];
  keyFile?: string;
  knownHostsFile?: string;
}

/** A home of its own: no keys, no agent, no known hosts of whoever runs the tests. */
export async function emptyHome(): Promise<{ env: Record<string, string | undefined>; remove(): Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), 'tunel-home-'));
  return {
    env: { HOME: home, SSH_AUTH_SOCK: undefined },
    remove: () => rm(home, { recursive: true, force: true, maxRetries: 5 }),
  };
}

export async function goTo(
  page: Page,
  label: 'Running' | 'Jobs' | 'Files' | 'Recipes' | 'Clusters' | 'Tunnels' | 'Settings',
): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Pages' })
    .getByRole('button', { name: new RegExp(`^${label}`) })
    .click();
}

/** Opens a page of the settings. */
export async function showSettings(page: Page, section: string): Promise<void> {
  await goTo(page, 'Settings');
  await page
    .getByRole('navigation', { name: 'Settings sections' })
    .getByRole('button', { name: new RegExp(`^${section}`) })
    .click();
}

/** The header's button; a page without clusters has a second one. */
export const addClusterButton = (page: Page): Locator =>
  page.locator('header').getByRole('button', { name: 'Add cluster' });

/** Adds a cluster as a user does, and returns its card. */
export async function addCluster(page: Page, entry: ClusterEntry): Promise<Locator> {
  await goTo(page, 'Clusters');
  await addClusterButton(page).click();
  const form = page.getByRole('dialog', { name: 'Add a cluster' });
  await form.getByLabel('Name', { exact: true }).fill(entry.name);
  await form.getByLabel('Login node').fill(entry.host);
  if (entry.port) await form.getByLabel('Port', { exact: true }).fill(String(entry.port));
  await form.getByLabel('User', { exact: true }).fill(entry.user);
  for (const [index, jump] of (entry.jumps ?? []).entries()) {
    await form.getByRole('button', { name: 'Add a jump host' }).click();
    await form.getByLabel(`Jump host ${index + 1}`, { exact: true }).fill(jump.host);
    await form.getByLabel(`User on jump host ${index + 1}`).fill(jump.user);
  }
  if (entry.keyFile || entry.knownHostsFile) {
    await form.getByRole('button', { name: /^Advanced/ }).click();
    if (entry.keyFile) {
      const keys = form.getByLabel(/^Key files/);
      await keys.fill(entry.keyFile);
      await keys.press('Enter');
    }
    if (entry.knownHostsFile) await form.getByLabel(/^Known hosts file/).fill(entry.knownHostsFile);
  }
  await form.getByRole('button', { name: 'Save cluster' }).click();
  await expect(form).toBeHidden();
  return clusterCard(page, entry.name);
}

export const clusterCard = (page: Page, name: string): Locator => page.getByRole('article', { name, exact: true });

export async function setSize(app: ElectronApplication, page: Page, width: number, height: number): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
    { width, height },
  );
  await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual([width, height]);
}

/** Waits until no fade or spin-up changes what is on the screen. */
export async function untilStill(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    const fades = () => document.getAnimations().filter((one) => one instanceof CSSTransition);
    // One that is broken off ends as well, and one may begin another.
    while (fades().length > 0) await Promise.allSettled(fades().map((fade) => fade.finished));
  });
}

/** The page of the view that runs an app: it is a page of its own, not a frame of ours. */
export async function viewPage(app: ElectronApplication, not: readonly Page[] = []): Promise<Page> {
  const look = () => app.windows().find((page) => page.url().includes('.apps.internal') && !not.includes(page));
  await expect.poll(() => look()?.url() ?? null).not.toBeNull();
  const found = look();
  if (!found) throw new Error('the view went away');
  return found;
}
