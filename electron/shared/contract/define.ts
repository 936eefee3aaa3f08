import type { z } from 'zod';
import type { ErrorCode } from '../errors.ts';

/** What a client's token must allow. `owner`: only the user's own clients, such as the window and `tunel`. */
export const scopes = ['read', 'write', 'launch', 'files', 'shell', 'owner'] as const;
export type Scope = (typeof scopes)[number];

interface Described {
  /** One line for a person: what it does. */
  readonly doc: string;
  readonly scope: Scope;
  /** Codes of its own, besides `generalErrors`. */
  readonly errors: readonly ErrorCode[];
}

/** One question and one answer. */
export interface RequestDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> extends Described {
  readonly input: I;
  readonly output: O;
}

/** Bytes in both directions until one side ends. `opened` is known at the beginning, `closed` at the end. */
export interface StreamDefinition<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
  C extends z.ZodType = z.ZodType,
> extends Described {
  readonly input: I;
  readonly opened: O;
  readonly closed: C;
}

/** Something that every subscriber hears of. */
export interface EventDefinition<P extends z.ZodType = z.ZodType> {
  readonly doc: string;
  readonly scope: Scope;
  readonly payload: P;
}

export const request = <I extends z.ZodType, O extends z.ZodType>(
  definition: Omit<RequestDefinition<I, O>, 'errors'> & { errors?: readonly ErrorCode[] },
): RequestDefinition<I, O> => ({ errors: [], ...definition });

export const stream = <I extends z.ZodType, O extends z.ZodType, C extends z.ZodType>(
  definition: Omit<StreamDefinition<I, O, C>, 'errors'> & { errors?: readonly ErrorCode[] },
): StreamDefinition<I, O, C> => ({ errors: [], ...definition });

export const event = <P extends z.ZodType>(definition: EventDefinition<P>): EventDefinition<P> => definition;

/** Any request may fail with these. */
export const generalErrors = [
  'bad-input',
  'cancelled',
  'engine-down',
  'engine-stopped',
  'internal',
  'not-permitted',
  'storage',
] as const satisfies readonly ErrorCode[];

/** Whatever needs a connection may fail with these. */
export const connectionErrors = [
  'auth-failed',
  'auth-unsupported',
  'channel-refused',
  'connection-lost',
  'connection-refused',
  'host-key-changed',
  'host-key-refused',
  'host-key-revoked',
  'host-unknown',
  'key-unreadable',
  'known-hosts-unreadable',
  'not-found',
  'not-ssh',
  'password-expired',
  'sign-in-needed',
  'timeout',
] as const satisfies readonly ErrorCode[];

/** Whatever runs a command on a cluster may fail with these, too. */
export const commandErrors = [
  ...connectionErrors,
  'command-failed',
  'command-missing',
  'no-space',
  'read-only',
] as const satisfies readonly ErrorCode[];

/** What the input of a launch may be refused with. */
export const launchErrors = [
  'command-missing',
  'image-missing',
  'limit-exceeded',
  'not-found',
  'path-too-long',
  'queue-unknown',
  'recipe-invalid',
  'runtime-failed',
  'template-invalid',
] as const satisfies readonly ErrorCode[];
