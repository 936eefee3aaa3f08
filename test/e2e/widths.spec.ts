import { expect, type Page, test } from '@playwright/test';
import { screenshot } from '../helpers/electron.ts';
import { openUiFixture, type UiFixture } from '../helpers/ui-fixture.ts';
import { sceneNames } from '../ui/scene-names.ts';

/** Every screen at every width that is supported: nothing scrolls sideways and no control is cut. A theme changes colours only. */

let fixture: UiFixture;
let page: Page;

test.beforeAll(async () => {
  fixture = await openUiFixture();
  page = fixture.page;
});
test.afterAll(() => fixture?.close());

/** The last is 1280 by 800 at 200 % zoom. */
const sizes: [number, number][] = [
  [1280, 800],
  [960, 700],
  [750, 700],
  [640, 400],
];

/** Controls that are too small, without a name, cut, or outside of the window; each as a line. */
const findCutControls = () =>
  page.evaluate(() => {
    const isCut = (control: Element) => {
      if (control.matches('.truncate, [data-may-cut]') || control.querySelector('.truncate')) return false;
      return control.scrollWidth > control.clientWidth + 1;
    };
    const name = (control: Element) =>
      (control.getAttribute('aria-label') ?? control.textContent ?? '').trim() || control.getAttribute('title') || '';
    const describe = (control: Element) => {
      const { width, height, right, left } = control.getBoundingClientRect();
      // Inside a sentence a link is as high as its line.
      const isInline = [...(control.parentElement?.childNodes ?? [])].some(
        (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim().length > 1,
      );
      const faults = [
        name(control) === '' && control.ariaHidden !== 'true' && 'has no name',
        !isInline && (width < 23.5 || height < 23.5) && `is ${Math.round(width)} by ${Math.round(height)}`,
        (right > innerWidth + 1 || left < -1) && 'is outside',
        isCut(control) && 'is cut',
      ].filter(Boolean);
      return faults.length === 0 ? [] : [`${name(control).slice(0, 40)}: ${faults.join(', ')}`];
    };
    const isShown = (control: HTMLElement) =>
      control.checkVisibility({ visibilityProperty: true }) && control.getBoundingClientRect().width > 1;
    return [...document.querySelectorAll<HTMLElement>('button, [role="button"], a[href]')]
      .filter((control) => isShown(control) && !control.closest('.visually-hidden'))
      .flatMap(describe);
  });

/** Parts that scroll sideways although they hold no code. */
const findWide = () =>
  page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('main, [data-page-body], .mantine-Modal-content, form > *')]
      .filter((part) => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX !== 'visible')
      .map((part) => `${part.tagName} ${part.className}: ${part.scrollWidth} in ${part.clientWidth}`),
  );

for (const size of sizes) {
  test(`nothing is cut: ${size.join('x')}`, async () => {
    for (const scene of sceneNames) {
      await fixture.show(scene, 'light', size);
      expect.soft({ scene, wide: await findWide(), cut: await findCutControls() }).toEqual({
        scene,
        wide: [],
        cut: [],
      });
      await screenshot(page, `width-${scene}-${size[0]}`);
    }
  });
}
