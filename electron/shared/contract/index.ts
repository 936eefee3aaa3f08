import type { z } from 'zod';
import type { Caller } from '../tokens.ts';
import * as app from './app.ts';
import * as clusters from './clusters.ts';
import * as engine from './engine.ts';
import * as files from './files.ts';
import * as folders from './folders.ts';
import * as history from './history.ts';
import * as instances from './instances.ts';
import * as jobs from './jobs.ts';
import * as presets from './presets.ts';
import * as proxies from './proxies.ts';
import * as recipes from './recipes.ts';
import * as sites from './sites.ts';
import { streams as plainStreams } from './streams.ts';
import * as templates from './templates.ts';
import * as terminals from './terminals.ts';
import * as tokens from './tokens.ts';
import * as transfers from './transfers.ts';
import * as tunnels from './tunnels.ts';
import * as window from './window.ts';

/** Requests the engine answers, by `<noun>.<verb>`. Every client calls these. */
export const engineRequests = {
  ...app.requests,
  ...clusters.requests,
  ...engine.requests,
  ...files.requests,
  ...folders.requests,
  ...history.requests,
  ...instances.requests,
  ...jobs.requests,
  ...presets.requests,
  ...proxies.requests,
  ...recipes.requests,
  ...sites.requests,
  ...templates.requests,
  ...terminals.requests,
  ...tokens.requests,
  ...transfers.requests,
  ...tunnels.requests,
} as const;

/** Requests the main process answers for the window. */
export const windowRequests = window.requests;

export const requests = { ...engineRequests, ...windowRequests } as const;
export type EngineRequestName = keyof typeof engineRequests;
export type WindowRequestName = keyof typeof windowRequests;
export type RequestName = keyof typeof requests;
export type RequestInput<N extends RequestName> = z.input<(typeof requests)[N]['input']>;
export type ParsedInput<N extends RequestName> = z.output<(typeof requests)[N]['input']>;
export type RequestOutput<N extends RequestName> = z.output<(typeof requests)[N]['output']>;

/** What answers some of the requests; `signal` fires when the client cancels or goes away. */
export type HandlersOf<N extends RequestName> = {
  [K in N]: (
    input: ParsedInput<K>,
    signal: AbortSignal,
    caller: Caller,
  ) => RequestOutput<K> | Promise<RequestOutput<K>>;
};

export const streams = { ...plainStreams, ...jobs.jobStreams } as const;
export type StreamName = keyof typeof streams;
export type StreamInput<N extends StreamName> = z.input<(typeof streams)[N]['input']>;
export type ParsedStreamInput<N extends StreamName> = z.output<(typeof streams)[N]['input']>;
export type StreamOpened<N extends StreamName> = z.output<(typeof streams)[N]['opened']>;
export type StreamClosed<N extends StreamName> = z.output<(typeof streams)[N]['closed']>;

/** Streams that a page of the window may open. */
export const windowStreams = window.streamNames satisfies readonly StreamName[];
export type WindowStreamName = (typeof windowStreams)[number];

/** Events of the engine, for every client. */
export const engineEvents = { ...app.events, ...engine.events, ...history.events, ...instances.events } as const;
/** Events of the main process, for the window. */
export const windowEvents = window.events;

export const events = { ...engineEvents, ...windowEvents } as const;
export type EngineEventName = keyof typeof engineEvents;
export type EventName = keyof typeof events;
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]['payload']>;
