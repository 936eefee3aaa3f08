import { z } from 'zod';
import { filePartShape, ifSha256Schema, ifVersionSchema, openedFileSchema, remotePathSchema } from '../files.ts';
import { routeInfoSchema } from '../instances.ts';
import { keptTerminalIdSchema, keptTerminalSchema, notKeptSchema } from '../terminals.ts';
import { tunnelTargetSchema } from '../tunnels.ts';
import { byInstanceId, idOf, onCluster, onTarget } from './common.ts';
import { commandErrors, connectionErrors, stream } from './define.ts';

/** A cluster's login node, or where a running app or job runs. */
export const targetSchema = z.union([z.object({ clusterId: idOf }), z.object({ appId: idOf })]);

export const terminalSizeSchema = z.object({
  columns: z.number().int().min(1).max(10_000),
  rows: z.number().int().min(1).max(10_000),
});

/** What a client can tell the other end of a stream besides bytes. */
export const streamControlSchema = z.discriminatedUnion('kind', [
  terminalSizeSchema.extend({ kind: z.literal('resize') }),
  /** As Ctrl-C does. */
  z.object({ kind: z.literal('interrupt') }),
]);
export type StreamControl = z.infer<typeof streamControlSchema>;

/** How a command ended; both null: its connection was lost, or it was closed from here. */
export const commandEndSchema = z.object({ code: z.number().int().nullable(), signal: z.string().nullable() });

/**
 * How a terminal ended. `left`, of a kept one: another one shows it now, it was no longer there, or the user closed the connection;
 * null: as `code` and `signal` say.
 */
const terminalEndSchema = commandEndSchema.extend({ left: z.enum(['taken', 'gone', 'disconnected']).nullable() });

const terminalType = z.string().max(100);
const script = z.string().max(1_000_000);
const empty = z.object({});

export const streams = {
  'terminals.exec': stream({
    doc: 'Runs POSIX sh text; its input, output and error output are the bytes, its end is `closed`.',
    scope: 'shell',
    subject: onTarget,
    audit: () => '',
    input: z.object({ target: targetSchema, script }),
    opened: empty,
    closed: commandEndSchema,
    errors: [...commandErrors, 'conflict'],
  }),
  'terminals.open': stream({
    doc: 'An interactive terminal; `script`: text that takes it over, not for an app. `keep`: it keeps running when the connection ends, if its node allows that; `opened` says so.',
    scope: 'shell',
    subject: onTarget,
    audit: () => '',
    input: terminalSizeSchema.extend({
      target: targetSchema,
      type: terminalType,
      script: script.optional(),
      /** What a kept terminal is listed as. */
      keep: z.object({ title: z.string().max(200) }).optional(),
    }),
    opened: z.object({ kept: keptTerminalSchema.nullable(), notKept: notKeptSchema.nullable() }),
    closed: terminalEndSchema,
    errors: [...commandErrors, 'conflict'],
  }),
  'terminals.attach': stream({
    doc: 'Shows a terminal of `terminals.list` again, with its last output; whoever shows it now is disconnected.',
    scope: 'shell',
    subject: onCluster,
    audit: ({ id }) => id,
    input: terminalSizeSchema.extend({ clusterId: idOf, id: keptTerminalIdSchema, type: terminalType }),
    opened: z.object({ kept: keptTerminalSchema }),
    closed: terminalEndSchema,
    errors: commandErrors,
  }),
  'tunnels.hold': stream({
    doc: 'Finds a route to a socket or port and keeps it until the stream ends; `opened` says which route. Carries no bytes.',
    scope: 'shell',
    subject: onCluster,
    input: z.object({ clusterId: idOf, target: tunnelTargetSchema }),
    opened: z.object({ route: routeInfoSchema }),
    closed: empty,
    errors: [...connectionErrors, 'no-route', 'forwarding-denied'],
  }),
  'tunnels.connect': stream({
    doc: 'One connection to a socket or port.',
    scope: 'shell',
    subject: onCluster,
    input: z.object({ clusterId: idOf, target: tunnelTargetSchema }),
    opened: z.object({ route: routeInfoSchema }),
    closed: empty,
    errors: [...connectionErrors, 'no-route', 'forwarding-denied'],
  }),
  'proxies.connect': stream({
    doc: "One SSH connection for another tool, to a login node, another node or where an app runs. `user-sshd`: it signs in with the key of the data directory; `own-sshd`: as the login node's own sshd asks.",
    scope: 'shell',
    subject: onTarget,
    audit: () => '',
    input: z.object({
      target: z.union([
        z.object({ clusterId: idOf, node: z.string().min(1).max(255).optional() }),
        z.object({ appId: idOf }),
      ]),
      /** The name that ssh uses for it, for its host key. */
      hostName: z
        .string()
        .max(255)
        .regex(/^[A-Za-z0-9._-]+$/, 'Only letters, digits, dots, hyphens and underscores.')
        .optional(),
    }),
    opened: z.object({ via: z.enum(['user-sshd', 'own-sshd']), user: z.string(), node: z.string() }),
    closed: empty,
    errors: [...commandErrors, 'conflict', 'not-permitted', 'forwarding-denied'],
  }),
  'instances.connect': stream({
    doc: 'One HTTP/1.1 connection to a running app through the gateway, which signs in to it; every request on it has the Host and headers that `opened` names.',
    scope: 'owner',
    input: z.object({ id: idOf }),
    opened: z.object({ host: z.string(), headers: z.record(z.string(), z.string()) }),
    closed: empty,
    errors: ['not-found', 'not-ready', 'conflict'],
  }),
  'instances.followLog': stream({
    doc: 'A log from a byte offset on (negative: from the end) as it grows, until the app is over or the stream is closed. Each line is JSON: `text`, and the bytes of the file that it shows from `offset` to `next`.',
    scope: 'read',
    subject: byInstanceId,
    http: 'GET /clusters/{clusterId}/apps/{id}/log/follow',
    media: 'application/x-ndjson',
    input: z.object({ id: idOf, offset: z.number().int() }),
    opened: empty,
    closed: empty,
    errors: commandErrors,
  }),
  'files.upload': stream({
    doc: 'Writes the bytes to a file on a cluster, under a temporary name until they are complete.',
    scope: 'files',
    subject: onCluster,
    audit: ({ path }) => path,
    http: 'PUT /clusters/{clusterId}/files/content',
    input: z.object({
      clusterId: idOf,
      path: remotePathSchema.min(1),
      mode: z.number().int().min(0).max(0o777).default(0o600),
      /** In bytes, where it is known: a large file is then sent faster from its start. */
      size: z.number().int().min(0).optional(),
      ifVersion: ifVersionSchema,
      ifSha256: ifSha256Schema,
    }),
    opened: empty,
    closed: z.object({ bytes: z.number().int() }),
    errors: [...commandErrors, 'conflict', 'file-changed', 'not-permitted', 'limit-exceeded'],
  }),
  'files.download': stream({
    doc: 'The bytes of a file on a cluster from an offset on; `length`: at most so many.',
    scope: 'files',
    subject: onCluster,
    writes: false,
    audit: ({ path }) => path,
    http: 'GET /clusters/{clusterId}/files/content',
    input: z.object({ clusterId: idOf, path: remotePathSchema.min(1), ...filePartShape }),
    opened: openedFileSchema,
    closed: z.object({ bytes: z.number().int() }),
    errors: [...commandErrors, 'conflict', 'not-permitted'],
  }),
  'files.entries': stream({
    doc: 'All entries of a folder on a cluster as they are read, in no order. Each line is JSON: an array of entries as `files.list` gives them.',
    scope: 'read',
    subject: onCluster,
    audit: ({ path }) => path,
    http: 'GET /clusters/{clusterId}/files/entries',
    media: 'application/x-ndjson',
    input: z.object({ clusterId: idOf, path: remotePathSchema }),
    opened: empty,
    closed: z.object({ entries: z.number().int() }),
    errors: [...commandErrors, 'not-permitted'],
  }),
  'files.uploadArchive': stream({
    doc: 'Unpacks the bytes, a tar archive, in a folder on a cluster: many small files at once. What was unpacked before a failure stays.',
    scope: 'files',
    subject: onCluster,
    audit: ({ path }) => path,
    http: 'PUT /clusters/{clusterId}/files/archive',
    media: 'application/x-tar',
    input: z.object({ clusterId: idOf, path: remotePathSchema.min(1) }),
    opened: empty,
    closed: z.object({ bytes: z.number().int() }),
    errors: [...commandErrors, 'conflict', 'not-permitted'],
  }),
  'files.downloadArchive': stream({
    doc: 'The content of a folder on a cluster as a tar archive.',
    scope: 'files',
    subject: onCluster,
    writes: false,
    audit: ({ path }) => path,
    http: 'GET /clusters/{clusterId}/files/archive',
    media: 'application/x-tar',
    input: z.object({ clusterId: idOf, path: remotePathSchema.min(1) }),
    opened: empty,
    closed: z.object({ bytes: z.number().int() }),
    errors: [...commandErrors, 'not-permitted'],
  }),
};
