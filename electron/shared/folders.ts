import { z } from 'zod';
import { progressSchema } from './instances.ts';

export const folderKinds = [
  'rescale',
  'flask',
  'django',
  'fastapi',
  'dash',
  'streamlit',
  'bokeh',
  'panel',
  'gradio',
  'voila',
  'shiny-python',
  'asgi',
  'wsgi',
  'shiny',
  'plumber',
  'node',
  'static',
  'compute-studio',
  'other',
] as const;
const folderKindSchema = z.enum(folderKinds);
export type FolderKind = z.infer<typeof folderKindSchema>;

/** What people call them. */
export const folderKindNames: Record<FolderKind, string> = {
  rescale: 'Rescale app',
  flask: 'Flask',
  django: 'Django',
  fastapi: 'FastAPI',
  dash: 'Dash',
  streamlit: 'Streamlit',
  bokeh: 'Bokeh',
  panel: 'Panel',
  gradio: 'Gradio',
  voila: 'Voilà',
  'shiny-python': 'Shiny (Python)',
  asgi: 'Python web app (ASGI)',
  wsgi: 'Python web app (WSGI)',
  shiny: 'Shiny (R)',
  plumber: 'Plumber (R)',
  node: 'Node.js',
  static: 'Static pages',
  'compute-studio': 'Compute Studio model',
  other: 'Something else',
};

const localPath = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[^\0\r\n]*$/, 'A path is one line of text.');

/** Where the files come from. A `git` address is cloned by the cluster, at one commit. */
export const folderSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('folder'), path: localPath }),
  z.object({ kind: z.literal('zip'), path: localPath }),
  z.object({
    kind: z.literal('git'),
    url: z.string().min(1).max(2000),
    /** Forty hex digits; empty only in a question: the newest. */
    commit: z
      .string()
      .regex(/^([0-9a-f]{40})?$/, 'A commit has forty hex digits.')
      .default(''),
  }),
]);
export type FolderSource = z.infer<typeof folderSourceSchema>;

/** What is installed once before the app starts, by which files. */
const folderEnvironmentSchema = z.object({
  kind: z.enum(['none', 'venv', 'conda', 'npm', 'renv']),
  /** Files whose content decides whether it must be made anew. */
  files: z.array(z.string().max(500)).max(20),
});
export type FolderEnvironment = z.infer<typeof folderEnvironmentSchema>;

/** How an app of a folder is started, as recognised or as the user changed it. */
const folderStartSchema = z.object({
  kind: folderKindSchema,
  /** One line for sh, run in the folder. */
  line: z
    .string()
    .max(4000)
    .regex(/^[^\0\r\n]*$/, 'One line only.'),
  environment: folderEnvironmentSchema,
  listen: z.enum(['socket', 'port']),
  /** It was written for Rescale: it is served below a prefix and finds that site's environment. */
  rescale: z.boolean().optional(),
});
export type FolderStart = z.infer<typeof folderStartSchema>;

const recognitionSchema = folderStartSchema.extend({
  confidence: z.enum(['sure', 'likely', 'guess']),
  /** What it was seen by, a line each. */
  why: z.array(z.string()),
});
export type Recognition = z.infer<typeof recognitionSchema>;

/** What a look at a source found; nothing is sent by it. */
export const inspectionSchema = z.object({
  source: folderSourceSchema,
  title: z.string(),
  recognition: recognitionSchema,
  /** Other ways to start it, the likeliest first. */
  candidates: z.array(recognitionSchema).max(20),
  /** Of what would be sent. */
  files: z.number(),
  bytes: z.number(),
  /** Names that stay here, the first of them: ignored by rule, or links that lead out. */
  left: z.array(z.object({ name: z.string(), why: z.string() })),
  /** How many more. */
  leftMore: z.number(),
});
export type Inspection = z.infer<typeof inspectionSchema>;

export const folderInputSchema = z.object({
  title: z.string().trim().min(1).max(100),
  source: folderSourceSchema,
  start: folderStartSchema,
});
export type FolderInput = z.infer<typeof folderInputSchema>;

export const folderSchema = folderInputSchema.extend({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{2,60}$/),
  createdAt: z.number(),
});
export type Folder = z.infer<typeof folderSchema>;

/** What one synchronisation did. Sizes are of file contents. */
export const syncReportSchema = z.object({
  clusterId: z.string(),
  at: z.number(),
  files: z.number(),
  bytes: z.number(),
  sentFiles: z.number(),
  sentBytes: z.number(),
  /** Of those, what an earlier attempt had brought there already. */
  keptFiles: z.number(),
  removedFiles: z.number(),
  /** One line, e.g. `sent 1 file, 312 bytes, of 40 files`. */
  text: z.string(),
});
export type SyncReport = z.infer<typeof syncReportSchema>;

export const folderStateSchema = z.object({
  folder: folderSchema,
  /** Its recipe's name. */
  recipe: z.string(),
  /** The last of each cluster, newest first. */
  reports: z.array(syncReportSchema),
  /** While files go to a cluster for a watch. */
  progress: progressSchema.nullable(),
  /** Running apps whose folder is sent again at each save. */
  watched: z.array(z.string()),
  /** Why the last synchronisation of a watch failed. */
  problem: z.string().nullable(),
});
export type FolderState = z.infer<typeof folderStateSchema>;

/** Every recipe of a folder is named by this and the folder's id. */
export const folderRecipePrefix = 'folders/';
