import type { ByteStream } from '../../client/byte-stream.ts';
import type { ClientEvent, CoreClient } from '../../client/core-client.ts';
import { onAbort } from '../../shared/on-abort.ts';
import type { Core } from '../core.ts';

/** Talks to a core of the same process, as tests and `--no-engine` do. */
export function createInProcessClient(core: Core): CoreClient {
  return {
    async request(name, input, signal) {
      const answer = await core.request(name, input, signal);
      // Tells the subscribers what the request changed, before its answer.
      core.snapshot();
      // The handler's type is that of the contract; the core answers by name.
      return answer as never;
    },
    openStream: (name, input, signal) => core.openStream(name, input, signal) as Promise<ByteStream<never, never>>,
    async subscribe(listener, { signal }) {
      const events: (() => void)[] = subscribeTo(core, listener);
      listener({ name: 'snapshot', payload: core.snapshot() });
      await new Promise<void>((resolve) => void onAbort(signal, resolve));
      for (const stop of events) stop();
    },
  };
}

/** Sends every event of a core to a listener; the returned functions stop it. */
export function subscribeTo(core: Core, listener: (event: ClientEvent) => void): (() => void)[] {
  return [
    core.onChanges((payload) => listener({ name: 'state.changed', payload })),
    core.onTransition((payload) => listener({ name: 'transition', payload })),
    core.onLog((payload) => listener({ name: 'log.appended', payload })),
  ];
}
