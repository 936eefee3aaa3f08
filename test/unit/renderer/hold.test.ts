import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Hold } from '../../../renderer/features/running/release.tsx';
import { fixtureInstance, fixtureJob } from '../../helpers/fixtures/parts.ts';

const shown = (heldBy: 'user' | 'system') => {
  const job = fixtureJob({ state: 'held', heldBy, reason: 'why', nativeReason: 'Native' });
  const instance = fixtureInstance({ id: 'held000000', title: 'Web', state: 'waiting', job });
  return renderToStaticMarkup(createElement(Hold, { instance }));
};

test('what the user holds has a button that releases it', () => {
  expect(shown('user')).toContain('On hold at your request.');
  expect(shown('user')).toMatch(/<button type="button"[^>]*>Release<\/button>/);
});

test('what others hold has none', () => {
  expect(shown('system')).toContain('they must release it');
  expect(shown('system')).not.toContain('<button');
});
