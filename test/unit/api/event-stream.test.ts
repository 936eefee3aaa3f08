import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { sendEvents } from '../../../electron/core/api/event-stream.ts';
import type { Core } from '../../../electron/core/core.ts';
import { tokenSchema } from '../../../electron/shared/tokens.ts';
import type { Transition } from '../../../electron/shared/transitions.ts';

const token = tokenSchema.parse({
  ...{ id: 't1', name: 'agent', scopes: ['read'], clusters: null },
  ...{ createdAt: 0, expiresAt: null, revokedAt: null, lastUsedAt: null },
});

test('a subscription hears no more of a cluster that the user closed to other programs', () => {
  const sent: string[] = [];
  const response = Object.assign(new EventEmitter(), {
    writableLength: 0,
    writeHead: () => undefined,
    write: (text: string) => void sent.push(...(/^id: (\d+)/.exec(text)?.slice(1) ?? [])),
  });
  let open = ['c1', 'c2'];
  const listeners: ((transition: Transition) => void)[] = [];
  const core: Pick<Core, 'clustersOf' | 'onTransition' | 'transitionsAfter'> = {
    clustersOf: () => open,
    transitionsAfter: () => [],
    onTransition(listener) {
      listeners.push(listener);
      return () => undefined;
    },
  };
  sendEvents(response as unknown as ServerResponse, {
    ...{ core: core as Core, caller: { kind: 'token', token, clusters: open }, clusterId: null, lastEventId: null },
    ...{ stopping: new AbortController().signal, onEnd: () => undefined },
  });
  const happen = (id: number, clusterId: string) => {
    for (const each of listeners) each({ id, at: 0, kind: 'ended', instanceId: null, clusterId, values: {} });
  };
  happen(1, 'c1');
  open = ['c2'];
  happen(2, 'c1');
  happen(3, 'c2');
  expect(sent).toEqual(['1', '3']);
});
