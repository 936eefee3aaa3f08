import { z } from 'zod';
import { jobPathSchema } from './jobs.ts';
import { runtimeNameSchema } from './kinds.ts';

const argTypeSchema = z.enum(['string', 'number', 'boolean', 'choice', 'path', 'secret']);

const conditionValue = z.union([z.string().max(1000), z.number(), z.boolean()]);
/** Other arguments' names and the value, or one of the values, each must have; all must hold. */
const conditionSchema = z.record(
  z.string().max(100),
  z.union([conditionValue, z.array(conditionValue).min(1).max(100)]),
);
export type Condition = z.infer<typeof conditionSchema>;

/** Where the choices of a field are read from. The user may type another. */
export const choiceSourceSchema = z.enum(['queues', 'accounts', 'modules', 'environments', 'containers', 'gpus']);
export type ChoiceSource = z.infer<typeof choiceSourceSchema>;

/** A narrower limit of an argument while a condition holds. */
const argLimitSchema = z.strictObject({
  when: conditionSchema,
  min: z.number().optional(),
  max: z.number().optional(),
  /** Of the argument's choices those that are left. */
  choices: z.array(z.string()).min(1).max(500).optional(),
});

/** A recipe's argument: Tunel's name, description and split, and optional fields of ours. */
const recipeArgSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, 'An argument name has letters, digits, _ and -.'),
  description: z.string().max(2000),
  split: z.string().min(1).max(10).nullish(),
  title: z.string().max(100).optional(),
  type: argTypeSchema.optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  choices: z
    .array(z.strictObject({ value: z.string(), label: z.string().optional() }).or(z.string()))
    .max(500)
    .optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  /** A regular expression the whole value must match. */
  pattern: z.string().max(500).optional(),
  required: z.boolean().optional(),
  help: z.string().max(2000).optional(),
  /** Shown and sent only while this holds; otherwise it has no value. */
  when: conditionSchema.optional(),
  limits: z.array(argLimitSchema).max(50).optional(),
  from: choiceSourceSchema.optional(),
  /** Of a `path`: what its picker lets be chosen. */
  pick: z.enum(['file', 'folder']).optional(),
});
export type RecipeArg = z.infer<typeof recipeArgSchema>;
/** What a form asks: what app.yaml declares, then what only the script uses. */
const formArgSchema = recipeArgSchema.extend({ undeclared: z.literal(true).optional() });

const limit = z.strictObject({ default: z.number().positive().optional(), max: z.number().positive().optional() });
const most = z.strictObject({ max: z.number().min(0) });
/** Memory in MiB, time in minutes. */
const recipeResourcesSchema = z.strictObject({
  cpus: limit.optional(),
  memory: limit.optional(),
  time: limit.optional(),
  gpus: z.strictObject({ default: z.number().min(0).optional(), max: z.number().min(0).optional() }).optional(),
  queue: z.string().max(200).optional(),
  /** Narrower while a condition on the arguments holds. */
  limits: z
    .array(
      z.strictObject({
        when: conditionSchema,
        cpus: most.optional(),
        memory: most.optional(),
        time: most.optional(),
        gpus: most.optional(),
      }),
    )
    .max(50)
    .optional(),
});
export type RecipeResources = z.infer<typeof recipeResourcesSchema>;

const loginName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[A-Za-z0-9_.[\]-]+$/, 'A name has letters, digits, . _ - [ and ].');
/** Signing in by the app's own form, done by the gateway: neither the page nor the user sees what is sent. */
export const loginSchema = z.strictObject({
  /** The app's sign-in page. An answer that leads there means: signed out. */
  path: z.string().startsWith('/').max(1000),
  /** Where the form goes; left out: the same path. */
  post: z.string().startsWith('/').max(1000).optional(),
  /** What the form says. `{user}` is the name on the cluster, `{token}` this launch's secret. */
  fields: z.record(loginName, z.string().max(500)).default({ password: '{token}' }),
  /** Fields of the sign-in page that go back as they came, e.g. a hidden `csrf-token`. */
  hidden: z.array(loginName).max(20).default([]),
  /** Field -> cookie of the sign-in page whose value it repeats. */
  fromCookie: z.record(loginName, loginName).default({}),
});
export type Login = z.infer<typeof loginSchema>;

/** How the started app is reached and spoken to. */
export const serveSchema = z.strictObject({
  listen: z.enum(['socket', 'port']).default('socket'),
  /** `vnc`: a desktop (RFB bytes); `terminal`: a shell (the frames of recipes/terminal). For both the view's page is Tunel's. */
  protocol: z.enum(['http', 'vnc', 'terminal']).default('http'),
  scheme: z.enum(['http', 'https']).default('http'),
  /** Where the view begins, e.g. `/lab`. */
  path: z.string().startsWith('/').max(1000).default('/'),
  /** A prefix the app must be served under; empty: none. */
  basePath: z.string().max(200).default(''),
  ready: z
    .strictObject({
      path: z.string().startsWith('/').max(1000).default('/'),
      status: z.array(z.number().int().min(100).max(599)).min(1).default([200]),
      /** Seconds the app has from the job's start to its first answer. */
      timeout: z.number().positive().max(7200).default(300),
    })
    .prefault({}),
  /** Host header the app accepts; `{host}` is the view's own host. */
  host: z.string().max(255).default('localhost'),
  /** How the gateway signs each request in. `{token}` is the instance's secret. */
  token: z.strictObject({ header: z.string().max(100), value: z.string().max(500) }).optional(),
  /** Where a header will not do. */
  login: loginSchema.optional(),
});
export type Serve = z.infer<typeof serveSchema>;

/** The container a recipe runs in; which runtime runs it is the cluster's and the user's choice. */
const containerSchema = z.strictObject({
  /** A registry name (`docker://...` or `quay.io/...`), or the path of a .sif or .tar on the cluster. */
  image: z.string().min(1).max(1000),
  /** `source`, `source:target` or `source:target:ro`; absolute or beginning with `~/` or `$TUNEL_DIR`. */
  binds: z.array(z.string().min(1).max(2000)).max(50).optional(),
  env: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'A variable has letters, digits and _.'),
      z.string().max(10_000),
    )
    .optional(),
  gpu: z.boolean().optional(),
  /** false: without a wish of the user's or the cluster's it runs native. Left out: in the container where one can run. */
  preferred: z.boolean().optional(),
});
export type Container = z.infer<typeof containerSchema>;

/** What the page of a batch job knows of its files. */
const batchSchema = z.strictObject({
  /** A text that it writes as it goes on, shown as a curve. `bumps`: the lines of bumps' own console monitor. */
  progress: z.strictObject({ file: jobPathSchema, format: z.enum(['bumps']) }).optional(),
  /** Files with which another job of the same values goes on where this one stopped. */
  resume: z.array(jobPathSchema).min(1).max(20).optional(),
  /** The folder of its results. */
  results: jobPathSchema.optional(),
});
export type RecipeBatch = z.infer<typeof batchSchema>;

/** `app.yaml`: Tunel's fields (tunel 0.0.18 schema), then ours. */
export const recipeFileSchema = z.strictObject({
  launcher: z.string().min(1).max(50),
  launchers_supported: z.array(z.string().max(50)).max(20).nullish(),
  script: z.string().min(1).max(500),
  description: z.string().min(1).max(4000),
  args: z.array(recipeArgSchema).max(200).nullish(),
  examples: z.union([z.string(), z.array(z.string())]).nullish(),
  commands: z.strictObject({ post: z.string().max(10_000).nullish() }).nullish(),
  needs: z
    .strictObject({
      socket: z.boolean().nullish(),
      xserver: z.boolean().nullish(),
      modules: z.array(z.string().max(200)).max(100).nullish(),
      paths: z.array(z.string().max(1000)).max(100).nullish(),
    })
    .nullish(),
  title: z.string().max(100).optional(),
  icon: z.string().max(50).optional(),
  category: z.string().max(50).optional(),
  docs: z.string().max(2000).optional(),
  /** What must be on the cluster, in words, e.g. `Python 3.9 or newer`. */
  requires: z.string().max(300).optional(),
  resources: recipeResourcesSchema.optional(),
  serve: serveSchema.optional(),
  container: containerSchema.optional(),
  batch: batchSchema.optional(),
});
export type RecipeFile = z.infer<typeof recipeFileSchema>;
/** As it is written, defaults left out. */
export type RecipeFileInput = z.input<typeof recipeFileSchema>;

export const recipeProblemSchema = z.object({
  recipe: z.string(),
  file: z.string(),
  line: z.number().nullable(),
  field: z.string(),
  message: z.string(),
});
export type RecipeProblem = z.infer<typeof recipeProblemSchema>;

export const recipeSummarySchema = z.object({
  /** Path below the recipes folder, e.g. `slurm/socket/jupyter`. */
  name: z.string(),
  title: z.string(),
  icon: z.string(),
  category: z.string(),
  description: z.string(),
  requires: z.string(),
  /** Launchers it runs with, its default first. Names the app does not know yet stay in the list. */
  launchers: z.array(z.string()),
  /** It listens, so it opens in a view; otherwise it is a batch job. */
  serves: z.boolean(),
  /** The image it can run in; empty: native only. */
  image: z.string().default(''),
  /** Modules that each of its launches loads. */
  modules: z.array(z.string()).default([]),
  /** Runtimes that the script of a legacy recipe calls by itself, `isUsual`: even if the user chose none; null: none. */
  scriptRuntimes: z
    .object({ names: z.array(runtimeNameSchema), isUsual: z.boolean() })
    .nullable()
    .default(null),
  /** Of a batch job; null: nothing is known of its files. */
  batch: batchSchema.nullable().default(null),
  source: z.string(),
  args: z.array(formArgSchema),
  resources: recipeResourcesSchema,
  docs: z.string(),
});
export type RecipeSummary = z.infer<typeof recipeSummarySchema>;
