import { z } from 'zod';
import { serializedErrorSchema } from './error-schemas.ts';
import { launcherNameSchema, launcherNames, runtimeNameSchema, runtimeNames } from './kinds.ts';
import { siteProfileSchema } from './sites.ts';

/** UTF-16 units, as zod counts them. */
export const clusterNameLimit = 100;

const hostname = z
  .string()
  .trim()
  .min(1, 'Give the name or address of the login node.')
  .max(255)
  .regex(/^[A-Za-z0-9._:%-]+$/, 'Only letters, digits, dots, colons and hyphens.')
  .refine((value) => !value.startsWith('-'), 'A host cannot begin with a hyphen.');
const username = z
  .string()
  .trim()
  .min(1, 'Give your user name there.')
  .max(128)
  .regex(/^[^\s:/'"`$\\]+$/, 'A user name has no spaces, quotes or slashes.')
  .refine((value) => !value.startsWith('-'), 'A user name cannot begin with a hyphen.');
const hostKeyAlias = z
  .string()
  .trim()
  .max(255)
  .regex(/^[^\s,*?!|@#]*$/, 'One name, without spaces or patterns.');
const port = z.number().int().min(1).max(65535);

/** One hop on the way to the login node, or the login node itself. */
const hopSchema = z.object({
  host: hostname,
  port: port.default(22),
  user: username,
  /** The name that its host key is kept under, instead of its address. */
  hostKeyAlias: hostKeyAlias.optional(),
});
export type Hop = z.infer<typeof hopSchema>;

const authMethodSchema = z.enum(['agent', 'key', 'password', 'interactive']);
export type AuthMethod = z.infer<typeof authMethodSchema>;

/** What signs in and carries the connection: the SSH client of the app, or OpenSSH of this computer. */
export const transportNames = ['ssh2', 'openssh'] as const;

const line = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\0\r\n]*$/, 'One line only.');

/** What launches on this cluster start from; every field may be changed in the launch form. */
export const clusterDefaultsSchema = z.object({
  /** `auto`: the first launcher that is found there. */
  launcher: z.enum(['auto', ...launcherNames]).default('auto'),
  /** `auto`: a container where the recipe has one and the cluster can run it, else native. */
  runtime: z.enum(['auto', ...runtimeNames]).default('auto'),
  queue: line(200).default(''),
  account: line(200).default(''),
  /** A directory on the cluster; empty: the home directory. */
  workDirectory: line(4096).default(''),
  /** Shell lines that run before every script. */
  environment: z.string().max(20_000).default(''),
  modules: z.array(line(200)).max(50).default([]),
});
export type ClusterDefaults = z.infer<typeof clusterDefaultsSchema>;

/** What the user saves. `methods` is the order in which sign-in is tried. */
export const clusterInputSchema = z.object({
  name: z.string().trim().min(1, 'Give the cluster a name.').max(clusterNameLimit),
  host: hostname,
  port: port.default(22),
  user: username,
  jumps: z.array(hopSchema).max(8).default([]),
  methods: z.array(authMethodSchema).min(1).default(['agent', 'key', 'interactive', 'password']),
  /**
   * Key files on this machine, tried in order; empty: the usual ones in ~/.ssh. A public key selects the agent's key.
   */
  keyFiles: z.array(line(4096)).max(20).default([]),
  /** Offer the keys of `keyFiles` alone, also of those that the agent holds. */
  identitiesOnly: z.boolean().default(false),
  /** The agent's socket; empty: the one of this session. */
  agentSocket: line(4096).default(''),
  /** The name that the login node's host key is kept under; empty: its address. */
  hostKeyAlias: hostKeyAlias.default(''),
  /** A file of host keys that are never accepted: public keys, or a KRL. */
  revokedKeysFile: line(4096).default(''),
  /** A known_hosts file besides the user's own. */
  knownHostsFile: line(4096).default(''),
  /** `openssh`: on Linux and macOS. It reads ~/.ssh/config for this host as well. */
  transport: z.enum(transportNames).default('ssh2'),
  connectAtStart: z.boolean().default(false),
  /** A reply given by itself to a menu question, e.g. `1` for a push; empty: always ask. */
  menuReply: line(100).default(''),
  /** The one menu option that `menuReply` was chosen for, named by its hop and text; empty: any menu with that option. */
  menuQuestion: line(1000).default(''),
  defaults: clusterDefaultsSchema.prefault({}),
});
export type ClusterInput = z.infer<typeof clusterInputSchema>;

export const clusterSchema = clusterInputSchema.extend({
  id: z.string(),
  createdAt: z.number(),
  /** The demo cluster runs on this computer and is managed by the app. */
  demo: z.boolean().default(false),
  /** Other programs may use it with a token; absent: they may not. */
  allowsApi: z.boolean().optional(),
  /** What its site says of it, as the user took it over; null: only what was detected. */
  site: siteProfileSchema.nullable().default(null),
});
export type Cluster = z.infer<typeof clusterSchema>;

const connectionStates = [
  'disconnected',
  'connecting',
  'asking',
  'connected',
  'reconnecting',
  'sign-in-needed',
  'unreachable',
  'key-changed',
] as const;
const connectionStateSchema = z.enum(connectionStates);
export type ConnectionState = z.infer<typeof connectionStateSchema>;

/** What another program may know of a cluster. */
export const clusterSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  host: z.string(),
  user: z.string(),
  state: connectionStateSchema,
});
export type ClusterSummary = z.infer<typeof clusterSummarySchema>;

/** Which names go with a queue. `only`: null: any that are not in `not`. */
const nameRuleSchema = z.object({ only: z.array(z.string()).nullable(), not: z.array(z.string()) });
export type NameRule = z.infer<typeof nameRuleSchema>;

/** Who may send jobs to a queue, as its scheduler says. */
const queueAccessSchema = z.object({
  accounts: nameRuleSchema,
  qos: nameRuleSchema,
  /** Why this user's jobs are refused; `closed`: everybody's are. null: they are not. */
  refusedAs: z.enum(['user', 'group', 'closed']).nullable(),
});
export type QueueAccess = z.infer<typeof queueAccessSchema>;

/** One queue of a scheduler as its launcher detected it. Memory in MiB, time in seconds; null: not known or no limit. */
const queueSchema = z.object({
  name: z.string(),
  isDefault: z.boolean(),
  state: z.string(),
  maxSeconds: z.number().nullable(),
  defaultSeconds: z.number().nullable(),
  cpusPerNode: z.number().nullable(),
  memoryPerNode: z.number().nullable(),
  gpusPerNode: z.number().nullable(),
  /** The scheduler's names of them, e.g. `a100`. */
  gpuTypes: z.array(z.string()).default([]),
  nodes: z.number().nullable(),
  cpusTotal: z.number().nullable(),
  cpusFree: z.number().nullable(),
  /** How the site describes it; absent: it does not. */
  description: z.string().optional(),
  /** Absent: not known. */
  access: queueAccessSchema.optional(),
});
export type Queue = z.infer<typeof queueSchema>;

/** What accounting lets the user combine. */
const associationSchema = z.object({
  account: z.string(),
  /** Empty: any. */
  queue: z.string(),
  /** null: any. */
  qos: z.array(z.string()).nullable(),
});
export type Association = z.infer<typeof associationSchema>;

const launcherInfoSchema = z.object({
  name: launcherNameSchema,
  version: z.string(),
  queues: z.array(queueSchema),
  accounts: z.array(z.string()),
  /** Qualities of service the user may ask for; empty where the scheduler has none. */
  qos: z.array(z.string()).default([]),
  /** Absent: not known, or the scheduler does not look at them. */
  associations: z.array(associationSchema).optional(),
  /**
   * Of a scheduler without queues: the machines there were when it was looked at, memory in MiB. They come and go, so this
   * refuses nothing.
   */
  pool: z
    .object({
      machines: z.number(),
      cpusTotal: z.number(),
      cpusFree: z.number(),
      largest: z.object({ cpus: z.number(), memory: z.number(), gpus: z.number() }),
    })
    .optional(),
});
export type LauncherInfo = z.infer<typeof launcherInfoSchema>;

const runtimeInfoSchema = z.object({
  name: runtimeNameSchema,
  version: z.string(),
  /** The command found there: `singularity` may stand for `apptainer`. */
  program: z.string(),
});
export type RuntimeInfo = z.infer<typeof runtimeInfoSchema>;

/** What was detected on a cluster at its last connection. */
export const clusterFactsSchema = z.object({
  loginNode: z.string(),
  home: z.string(),
  /** Of the file system that holds the home directory, bytes. */
  homeFree: z.number().nullable(),
  homeTotal: z.number().nullable(),
  launchers: z.array(launcherInfoSchema),
  /** Container runtimes on the login node; compute nodes may differ. */
  runtimes: z.array(runtimeInfoSchema).default([]),
  /** Names `module load` takes, at most 2000. */
  modules: z.array(z.string()).default([]),
  /** Some of what the user's login shell sets, so that scripts need not start one; null: not read yet. */
  loginVariables: z.record(z.string(), z.string()).nullable().default(null),
  readAt: z.number(),
});
export type ClusterFacts = z.infer<typeof clusterFactsSchema>;

/** What one connection has cost a login node. */
export const loginNodeUsageSchema = z.object({
  /** Shells, commands, terminals and file channels; most run the user's start-up files. */
  sessionsStarted: z.number(),
  commandsRun: z.number(),
  /** Of the commands that have ended; without what they have left running. */
  cpuSeconds: z.number(),
});
export type LoginNodeUsage = z.infer<typeof loginNodeUsageSchema>;

export const describeUsage = ({ sessionsStarted, commandsRun, cpuSeconds }: LoginNodeUsage): string =>
  `Cost on the login node: ${sessionsStarted} sessions, ${commandsRun} commands, ${cpuSeconds.toFixed(1)} s of CPU time`;

const connectionStatusSchema = z.object({
  state: connectionStateSchema,
  since: z.number(),
  /** Round trip of the last keepalive, ms. */
  roundTrip: z.number().nullable(),
  /** Which attempt of a reconnect runs, and when the next begins (epoch ms). */
  attempt: z.number(),
  nextTryAt: z.number().nullable(),
  error: serializedErrorSchema.nullable(),
});
export type ConnectionStatus = z.infer<typeof connectionStatusSchema>;

export const clusterStateSchema = z.object({
  cluster: clusterSchema,
  connection: connectionStatusSchema,
  facts: clusterFactsSchema.nullable(),
  /** Which secrets the keychain holds for it. */
  rememberedSecrets: z.number(),
});
export type ClusterState = z.infer<typeof clusterStateSchema>;

export const clusterTestSchema = z.object({
  roundTrip: z.number(),
  loginNode: z.string(),
  launchers: z.array(launcherInfoSchema),
  /** Streamlocal and TCP forwarding, as tried. */
  socketForwarding: z.boolean(),
  portForwarding: z.boolean(),
  homeFree: z.number().nullable(),
  homeTotal: z.number().nullable(),
});
export type ClusterTest = z.infer<typeof clusterTestSchema>;

export const sshConfigHostSchema = z.object({ alias: z.string(), file: z.string() });
export type SshConfigHost = z.infer<typeof sshConfigHostSchema>;

/** What `ssh -G` says of one host, and what in it this app cannot do. */
export const resolvedHostSchema = z.object({
  input: clusterInputSchema,
  /** Options of that host which the app cannot follow, each with what to do instead. */
  unsupported: z.array(z.string()),
});
export type ResolvedHost = z.infer<typeof resolvedHostSchema>;

export const connectionEventSchema = z.object({
  at: z.number(),
  clusterId: z.string(),
  clusterName: z.string(),
  kind: z.enum(['connected', 'disconnected', 'reconnected', 'asked', 'failed', 'info']),
  text: z.string(),
});
export type ConnectionEvent = z.infer<typeof connectionEventSchema>;
