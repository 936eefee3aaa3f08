import type { z } from 'zod';
import type { ErrorCode } from '../errors.ts';
import { tokenScopes } from '../tokens.ts';
import { refuseUnknown } from './refuse-unknown.ts';

/** What a client's token must allow. `owner`: only the user's own clients, such as the window and `tunel`. */
export const scopes = [...tokenScopes, 'owner'] as const;
export type Scope = (typeof scopes)[number];

/** What a call is about: a token that is for some clusters is checked with the cluster of it; null: none of them. */
export type Subject = { clusterId: string } | { instanceId: string } | { jobId: string } | { tunnelId: string } | null;

/**
 * How a call is also reached as a resource below `/v1`, e.g. `GET /clusters/{clusterId}/files`; docs/engine.md. `{x}` is a field of the
 * input, of which one after `/clusters/` may be a name, or a cluster that the call's subject must be on; `{+x}` at the end may have
 * slashes. `?kind=app` are fields that this resource sets. The other fields come from the query, or from the body of POST, PUT and PATCH.
 */
export type HttpRoute = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;

interface Described<I extends z.ZodType> {
  /** One line for a person: what it does. */
  readonly doc: string;
  readonly scope: Scope;
  /** Whether it changes or runs something: a token may have each of these confirmed by the user. */
  readonly writes: boolean;
  subject(input: z.output<I>): Subject;
  /** What the audit log says it was about, without secrets. Calls of the user's own clients without it are not logged. */
  audit?(input: z.output<I>): string;
  readonly http?: HttpRoute | readonly HttpRoute[];
  /** An input for the documentation. */
  readonly example?: z.input<I>;
  /** Codes of its own, besides `generalErrors`. */
  readonly errors: readonly ErrorCode[];
}

/** One question and one answer. Fields that the input does not have are refused, in nested objects, too. */
export interface RequestDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType>
  extends Described<I> {
  readonly input: I;
  readonly output: O;
}

/** Bytes in both directions until one side ends. `opened` is known at the beginning, `closed` at the end. */
export interface StreamDefinition<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
  C extends z.ZodType = z.ZodType,
> extends Described<I> {
  readonly input: I;
  /** What the bytes are where `http` gives or takes them; absent: those of a file. */
  readonly media?: string;
  readonly opened: O;
  readonly closed: C;
}

/** Something that every subscriber hears of. */
export interface EventDefinition<P extends z.ZodType = z.ZodType> {
  readonly doc: string;
  readonly scope: Scope;
  readonly payload: P;
}

/** `errors` may be left out, `writes` where the scope says it, and `subject` where no token gives access. */
type Definition<D extends Described<z.ZodType>> = Omit<D, 'errors' | 'subject' | 'scope' | 'writes'> & {
  errors?: D['errors'];
  writes?: boolean;
} & ({ scope: 'owner'; subject?: undefined } | { scope: Exclude<Scope, 'owner'>; subject: D['subject'] });

/** Made at its first use, since a client uses few of all inputs. */
function strictOnce<I extends z.ZodType>(input: I): () => I {
  let strict: I | null = null;
  return () => {
    strict ??= refuseUnknown(input);
    return strict;
  };
}

export function request<I extends z.ZodType, O extends z.ZodType>({
  errors = [],
  subject = () => null,
  writes,
  input,
  ...definition
}: Definition<RequestDefinition<I, O>>): RequestDefinition<I, O> {
  const strictInput = strictOnce(input);
  return {
    ...definition,
    get input() {
      return strictInput();
    },
    errors,
    subject,
    writes: writes ?? definition.scope !== 'read',
  };
}

export function stream<I extends z.ZodType, O extends z.ZodType, C extends z.ZodType>({
  errors = [],
  subject = () => null,
  writes,
  input,
  ...definition
}: Definition<StreamDefinition<I, O, C>>): StreamDefinition<I, O, C> {
  const strictInput = strictOnce(input);
  return {
    ...definition,
    get input() {
      return strictInput();
    },
    errors: [...errors, 'too-many-open'],
    subject,
    writes: writes ?? definition.scope !== 'read',
  };
}

export const event = <P extends z.ZodType>(definition: EventDefinition<P>): EventDefinition<P> => definition;

/** Any request may fail with these. */
export const generalErrors = [
  'bad-input',
  'body-invalid',
  'body-too-large',
  'cancelled',
  'engine-down',
  'engine-stopped',
  'internal',
  'not-permitted',
  'storage',
  'storage-full',
  'storage-quota',
  'storage-read-only',
  'storage-denied',
  'storage-removed',
] as const satisfies readonly ErrorCode[];

/** Whatever a token gives access to may be refused to it with these. */
export const tokenErrors = [
  'token-expired',
  'token-revoked',
  'scope-missing',
  'api-disabled',
  'consent-needed',
  'consent-denied',
  'api-forbidden',
  'token-limit',
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
