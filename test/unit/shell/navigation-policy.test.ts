import { describe, expect, it } from 'vitest';
import { judgeNavigation, judgeWindow, type PageOwner } from '../../../electron/security/navigation-policy.ts';

const app: PageOwner = { kind: 'app' };
const view: PageOwner = { kind: 'view', origin: 'https://a1.apps.internal' };
const nobody: PageOwner = { kind: 'unclaimed' };

describe('navigation', () => {
  it.each([
    [app, 'app://tunel/index.html', true, 'allow'],
    [app, 'app://tunel/index.html', false, 'deny'],
    [app, 'isolated://page/', false, 'allow'],
    [app, 'isolated://page/', true, 'deny'],
    [app, 'isolated://page/?secret', false, 'deny'],
    [app, 'isolated://other/', false, 'deny'],
    [app, 'https://example.org/', false, 'deny'],
    [app, 'about:srcdoc', false, 'deny'],
    [view, 'isolated://page/', false, 'deny'],
    [app, 'app://other/index.html', true, 'deny'],
    [app, 'app://tunel.evil/index.html', true, 'deny'],
    [app, 'https://example.org/', true, 'ask'],
    [app, 'https://user@example.org/', true, 'deny'],
    [app, 'http://example.org/', true, 'deny'],
    [app, 'file:///etc/passwd', true, 'deny'],
    [app, 'javascript:alert(1)', true, 'deny'],
    [app, 'data:text/html,x', true, 'deny'],
    [view, 'https://a1.apps.internal/lab', true, 'allow'],
    [view, 'https://a1.apps.internal:444/lab', true, 'ask'],
    [view, 'http://a1.apps.internal/lab', true, 'deny'],
    [view, 'blob:https://a1.apps.internal/1', true, 'allow'],
    [view, 'blob:https://b2.apps.internal/1', true, 'deny'],
    [view, 'app://tunel/index.html', true, 'deny'],
    [view, 'file:///etc/passwd', true, 'deny'],
    [view, 'data:text/html,x', true, 'deny'],
    [view, 'data:text/html,x', false, 'allow'],
    [view, 'about:srcdoc', false, 'allow'],
    [view, 'https://example.org/', false, 'deny'],
    [view, 'https://example.org/', true, 'ask'],
    [view, 'not a url', true, 'deny'],
    [nobody, 'https://example.org/', true, 'deny'],
    [nobody, 'about:blank', true, 'deny'],
  ] as const)('%o to %s (main frame %s): %s', (owner, url, isMainFrame, verdict) => {
    expect(judgeNavigation(owner, url, isMainFrame)).toBe(verdict);
  });
});

describe('windows', () => {
  it.each([
    [app, 'app://tunel/index.html', 'deny'],
    [app, 'about:blank', 'deny'],
    [app, 'https://example.org/', 'ask'],
    [view, 'https://a1.apps.internal/tree', 'allow'],
    [view, 'about:blank', 'allow'],
    [view, 'https://b2.apps.internal/', 'ask'],
    [view, 'file:///etc/passwd', 'deny'],
    [view, 'vscode://open', 'deny'],
    [nobody, 'https://example.org/', 'deny'],
  ] as const)('%o opens %s: %s', (owner, url, verdict) => {
    expect(judgeWindow(owner, url)).toBe(verdict);
  });
});
