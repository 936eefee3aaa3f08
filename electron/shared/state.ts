import { z } from 'zod';
import { clusterStateSchema, connectionEventSchema } from './clusters.ts';
import { consentSchema } from './consents.ts';
import { messageValuesSchema } from './error-schemas.ts';
import { folderStateSchema } from './folders.ts';
import { instanceSchema, launchInputSchema } from './instances.ts';
import { jobSchema } from './jobs.ts';
import { presetSchema } from './presets.ts';
import { promptSchema } from './prompts.ts';
import { recipeProblemSchema, recipeSummarySchema } from './recipes.ts';
import { sourceSchema } from './sources.ts';
import { transferSchema } from './transfers.ts';
import { tunnelSchema } from './tunnels.ts';

const pathSchema = z
  .string()
  .max(4096)
  .regex(/^[^\0\r\n]*$/, 'A path is one line of text.');

export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** Folders with recipes besides the shipped ones, first wins. */
  recipeFolders: z.array(pathSchema).max(20).default([]),
  favourites: z.array(z.string()).max(200).default([]),
  /** Folders that the user comes back to; null: on this computer. */
  fileBookmarks: z
    .array(z.object({ clusterId: z.string().max(100).nullable(), path: pathSchema }))
    .max(200)
    .default([]),
  singleKeys: z.boolean().default(true),
  logLines: z.number().int().min(100).max(100_000).default(5000),
  /** Quitting with running apps says so first. */
  askOnQuit: z.boolean().default(true),
  /** The port of 127.0.0.1 on which programs with a token reach the API, too; 0: any free one; null: none. */
  apiPort: z
    .number()
    .int()
    .max(65_535)
    .refine((port) => port === 0 || port >= 1024, 'A port from 1024 on, or 0 for any free one.')
    .nullable()
    .default(null),
  /** Bytes a second of all transfers together; 0: as fast as it goes. */
  transferLimit: z.number().int().min(0).default(0),
});
export type Settings = z.infer<typeof settingsSchema>;

const { shape: setting } = settingsSchema;
/** Some of the settings. Without the defaults: what is left out is not changed. */
export const settingsChangeSchema = z
  .object({
    theme: setting.theme.unwrap(),
    recipeFolders: setting.recipeFolders.unwrap(),
    favourites: setting.favourites.unwrap(),
    fileBookmarks: setting.fileBookmarks.unwrap(),
    singleKeys: setting.singleKeys.unwrap(),
    logLines: setting.logLines.unwrap(),
    askOnQuit: setting.askOnQuit.unwrap(),
    apiPort: setting.apiPort.unwrap(),
    transferLimit: setting.transferLimit.unwrap(),
  } satisfies Record<keyof Settings, z.ZodType>)
  .partial();

const noticeCodes = [
  /** A file that could not be used was renamed. */
  'file-kept',
  /** An edited file has a mistake, and its last valid content is used. */
  'file-invalid',
  /** Rows of the history could not be read and were kept in a table of their own. */
  'rows-kept',
  /** Others can read the data directory, and its permissions could not be changed. */
  'directory-open',
  'keychain-unavailable',
  'demo-unavailable',
  'engine-down',
  /** The user ended the engine, and the app starts none by itself. */
  'engine-stopped',
] as const;

/** Something the user should know that belongs to no cluster or app. `values` are those of its text, by their names. */
const noticeSchema = z.object({
  id: z.string(),
  code: z.enum(noticeCodes),
  kind: z.enum(['info', 'warning']),
  title: z.string(),
  text: z.string(),
  values: messageValuesSchema,
});
export type Notice = z.infer<typeof noticeSchema>;

const keychainProblems = ['timed-out', 'locked', 'library-missing', 'service-missing', 'not-kept', 'unusable'] as const;
export type KeychainProblem = (typeof keychainProblems)[number];

const systemStateSchema = z.object({
  engine: z.enum(['starting', 'running', 'restarting']),
  keychain: z.enum(['system', 'memory']),
  /** Why it is memory; null: it is the system's, or that is not known. */
  keychainProblem: z.enum(keychainProblems).nullable().default(null),
  /** The native message to that. */
  keychainReason: z.string(),
  versions: z.record(z.string(), z.string()),
  dataDirectory: z.string(),
  sshConfigHosts: z.number(),
  notices: z.array(noticeSchema),
});
export type SystemState = z.infer<typeof systemStateSchema>;

/** One open view. The main process owns this slice, since views are windows. */
const viewSchema = z.object({
  /** Of the view in which an app opens: the instance's own. Pages that the app opens have views of their own. */
  id: z.string(),
  instanceId: z.string(),
  title: z.string(),
  canGoBack: z.boolean(),
  canGoForward: z.boolean(),
  loading: z.boolean(),
  /** The page shows something since it was loaded. */
  painted: z.boolean(),
  zoom: z.number(),
  /** Matches of the current search in the page. */
  find: z.object({ text: z.string(), active: z.number(), total: z.number() }).nullable(),
  /** In a window of its own. */
  detached: z.boolean(),
  error: z.string().nullable(),
});
export type ViewState = z.infer<typeof viewSchema>;

/** Values used last time for a recipe on a cluster, key `recipe@clusterId`. Secrets are left out. */
const lastValuesSchema = z.record(z.string(), launchInputSchema);

/** All that a screen shows. Each key is a slice. */
export const appStateSchema = z.object({
  clusters: z.array(clusterStateSchema),
  recipes: z.object({ list: z.array(recipeSummarySchema), problems: z.array(recipeProblemSchema) }),
  instances: z.array(instanceSchema),
  /** Live ones, new ones and those that ended last, newest first, without their scripts. */
  jobs: z.array(jobSchema),
  folders: z.array(folderStateSchema),
  sources: z.array(sourceSchema),
  prompts: z.array(promptSchema),
  settings: settingsSchema,
  system: systemStateSchema,
  connectionLog: z.array(connectionEventSchema),
  lastValues: lastValuesSchema,
  presets: z.array(presetSchema),
  /** Open ones, oldest first. */
  tunnels: z.array(tunnelSchema),
  /** Those that go on or wait, in the order of the queue, then those that ended last. */
  transfers: z.array(transferSchema),
  /** Calls of other programs that wait for the user, oldest first. */
  consents: z.array(consentSchema),
  /** `selected`: the id of a view. `fullScreen`: that has the whole screen, and what is ours is out of sight. */
  views: z.object({ list: z.array(viewSchema), selected: z.string().nullable(), fullScreen: z.boolean() }),
});
export type AppState = z.infer<typeof appStateSchema>;

/** Slices the engine owns; `views` is main's. */
export type EngineState = Omit<AppState, 'views'>;

export const emptyEngineState: EngineState = {
  clusters: [],
  recipes: { list: [], problems: [] },
  instances: [],
  jobs: [],
  folders: [],
  sources: [],
  prompts: [],
  settings: settingsSchema.parse({}),
  system: {
    engine: 'starting',
    keychain: 'memory',
    keychainProblem: null,
    keychainReason: '',
    versions: {},
    dataDirectory: '',
    sshConfigHosts: 0,
    notices: [],
  },
  connectionLog: [],
  lastValues: {},
  presets: [],
  tunnels: [],
  transfers: [],
  consents: [],
};

export const emptyState: AppState = {
  ...emptyEngineState,
  views: { list: [], selected: null, fullScreen: false },
};
