import { z } from 'zod';
import { auditEntrySchema } from '../electron/shared/audit.ts';
import {
  clusterFactsSchema,
  clusterInputSchema,
  clusterSchema,
  clusterSummarySchema,
  clusterTestSchema,
  loginNodeUsageSchema,
  sshConfigHostSchema,
} from '../electron/shared/clusters.ts';
import { consentSchema } from '../electron/shared/consents.ts';
import { logPieceSchema } from '../electron/shared/contract/common.ts';
import { engineStatusSchema } from '../electron/shared/contract/engine.ts';
import { engineRequests } from '../electron/shared/contract/index.ts';
import { serializedErrorSchema } from '../electron/shared/error-schemas.ts';
import {
  fileInfoSchema,
  fileListSchema,
  filePlaceSchema,
  fileSpaceSchema,
  folderUsageSchema,
  trashedFileSchema,
} from '../electron/shared/files.ts';
import { folderStateSchema, inspectionSchema, syncReportSchema } from '../electron/shared/folders.ts';
import { exposureSchema, instanceSchema, routeInfoSchema } from '../electron/shared/instances.ts';
import { jobTemplateSchema } from '../electron/shared/job-templates.ts';
import { jobCheckSchema, jobSchema, jobTaskSchema } from '../electron/shared/jobs.ts';
import { presetSchema } from '../electron/shared/presets.ts';
import { recipeProblemSchema, recipeSummarySchema } from '../electron/shared/recipes.ts';
import { shippedSiteSchema, siteReadingSchema } from '../electron/shared/sites.ts';
import { sourceReviewSchema, sourceSchema } from '../electron/shared/sources.ts';
import { sshHostSchema, sshIncludeSchema } from '../electron/shared/ssh-hosts.ts';
import { appStateSchema, settingsChangeSchema, settingsSchema } from '../electron/shared/state.ts';
import { keptTerminalSchema } from '../electron/shared/terminals.ts';
import { tokenSchema, usedTokenSchema } from '../electron/shared/tokens.ts';
import { transferSchema } from '../electron/shared/transfers.ts';
import { transitionSchema } from '../electron/shared/transitions.ts';
import { tunnelSchema } from '../electron/shared/tunnels.ts';

const byId = z.object({ id: z.string() });
const copied = z.object({ file: z.string(), path: z.string(), bytes: z.number() });
const log = logPieceSchema.extend({ size: z.number() });
const note = z.object({ label: z.string(), value: z.string(), secret: z.boolean() });
const recipeFolder = z.object({ path: z.string(), recipes: z.array(z.string()) });
const lintFinding = z.object({
  level: z.enum(['error', 'warning']),
  ...{ rule: z.string(), file: z.string(), line: z.number().nullable(), message: z.string(), hint: z.string() },
});
const doctorFinding = z.object({
  ...{ subject: z.string(), check: z.string(), text: z.string(), hint: z.string() },
  result: z.enum(['ok', 'warning', 'failed', 'unchecked']),
});
const syncReport = z.object({
  dryRun: z.boolean(),
  folders: z.array(z.string()),
  copied: z.array(z.string()),
  removed: z.array(z.string()),
  unchanged: z.int(),
  left: z.array(z.string()),
  conflicts: z.array(z.string()),
  failed: z.array(z.object({ path: z.string(), error: serializedErrorSchema })),
  bytes: z.number(),
});
const tunnel = z.object({
  id: z.string().optional().describe('With --background.'),
  localSocket: z.string().optional(),
  localPort: z.number().int().optional(),
  route: routeInfoSchema,
});

/** What a command prints with --json where it succeeds, by the words that call it. */
export const outputSchemas: Readonly<Record<string, z.ZodType>> = {
  'clusters list': z.array(clusterSchema),
  'clusters show': clusterSchema.extend({ state: clusterSummarySchema.shape.state }),
  'clusters ssh-hosts': z.array(sshConfigHostSchema),
  'clusters add': clusterInputSchema.extend({ id: z.string() }),
  'clusters edit': clusterInputSchema.extend({ id: z.string() }),
  'clusters import': clusterInputSchema.extend({ id: z.string() }),
  'clusters copy': z.object({ id: z.string(), name: z.string() }),
  'clusters remove': byId,
  'clusters connect': clusterSummarySchema,
  'clusters disconnect': byId,
  'clusters trust-key': clusterSummarySchema,
  'clusters forget-passwords': byId,
  'clusters allow-api': byId.extend({ allowsApi: z.boolean() }),
  'clusters test': clusterTestSchema,
  'clusters facts': clusterFactsSchema.extend({ usage: loginNodeUsageSchema }),
  'list-apps': z.union([
    z.object({ recipes: z.array(recipeSummarySchema), problems: z.array(recipeProblemSchema) }),
    z.object({ recipes: z.int(), problems: z.array(z.string()) }).describe('With --validate.'),
  ]),
  info: recipeSummarySchema.extend({ directory: z.string(), serve: z.unknown(), needs: z.unknown() }),
  render: z.object({ context: z.record(z.string(), z.unknown()), includes: z.string(), script: z.string() }),
  docgen: z.object({ folder: z.string(), files: z.array(z.string()) }),
  lint: z.object({
    recipes: z.array(z.string()),
    findings: z.array(lintFinding),
    skipped: z.array(z.string()),
  }),
  new: z.object({ path: z.string(), files: z.array(z.string()) }),
  'recipes list': z.array(recipeFolder),
  'recipes add': recipeFolder.extend({ problems: z.array(recipeProblemSchema) }),
  'recipes remove': z.object({ path: z.string() }),
  'recipes reload': z.object({ recipes: z.array(z.string()), problems: z.array(recipeProblemSchema) }),
  'recipes usage': engineRequests['history.recipeUse'].output.shape.recipes,
  'run-app': z.union([instanceSchema, engineRequests['recipes.preview'].output.describe('With --dry-run.')]),
  ps: z.array(instanceSchema),
  history: z.array(instanceSchema),
  logs: log,
  open: z.object({ id: z.string(), url: z.string() }),
  'stop-app': z.union([instanceSchema, z.array(instanceSchema).describe('With CLUSTER RECIPE.')]),
  release: byId,
  continue: instanceSchema,
  forget: byId,
  notes: z.array(note),
  'remove-app': byId,
  exposure: exposureSchema,
  'ssh-command': z.object({ command: z.string() }),
  'presets list': z.array(presetSchema),
  'presets rename': byId.extend({ name: z.string() }),
  'presets remove': byId,
  'jobs ls': z.array(jobSchema),
  'jobs show': jobSchema,
  'jobs tasks': z.array(jobTaskSchema),
  'jobs log': log,
  'jobs create': jobSchema,
  'jobs submit': jobSchema,
  'jobs edit': jobSchema,
  'jobs check': jobCheckSchema,
  'jobs rerun': jobSchema,
  'jobs results': z.union([
    fileListSchema,
    z.object({ id: z.string(), folder: z.string(), bytes: z.number() }).describe('With a folder here.'),
  ]),
  'jobs get': copied,
  'jobs put': copied,
  'jobs rm': z.object({ id: z.string(), removed: z.array(z.string()) }),
  'jobs cancel': byId,
  'jobs hold': byId,
  'jobs release': byId,
  'jobs remove': byId,
  'jobs archive': jobSchema,
  'jobs templates list': z.array(jobTemplateSchema),
  'jobs templates show': jobTemplateSchema,
  'jobs templates save': jobTemplateSchema,
  'jobs templates use': jobSchema,
  'jobs templates rename': byId.extend({ name: z.string() }),
  'jobs templates remove': byId,
  'run-slurm': instanceSchema,
  'stop-slurm': z.array(instanceSchema),
  'run-condor': instanceSchema,
  'stop-condor': z.array(instanceSchema),
  tunnel,
  'terminals ls': z.array(keptTerminalSchema),
  'terminals close': byId,
  'tunnels ls': z.array(tunnelSchema),
  'tunnels close': byId,
  'api-get': z.object({ status: z.int(), type: z.string(), body: z.unknown() }),
  'ssh-config show': sshIncludeSchema,
  'ssh-config hosts': z.array(sshHostSchema),
  'ssh-config add': sshIncludeSchema,
  'ssh-config remove': sshIncludeSchema,
  'transfers list': z.array(transferSchema),
  'transfers wait': transferSchema,
  'transfers show': transferSchema,
  'transfers upload': transferSchema,
  'transfers download': transferSchema,
  'transfers copy': transferSchema,
  'transfers pause': transferSchema,
  'transfers resume': transferSchema,
  'transfers cancel': transferSchema,
  'transfers retry': transferSchema,
  'transfers answer': transferSchema,
  'transfers clear': z.object({ id: z.string().nullable() }),
  'transfers move': byId,
  'transfers limit': z.object({ limit: z.number() }),
  'files ls': fileListSchema,
  'files places': z.array(filePlaceSchema),
  'files stat': fileInfoSchema,
  'files du': folderUsageSchema,
  'files df': fileSpaceSchema,
  'files get': copied,
  'files put': copied,
  'files sync': syncReport,
  'files mkdir': z.object({ path: z.string() }),
  'files mv': z.object({ path: z.string() }),
  'files cp': z.object({ path: z.string() }),
  'files chmod': z.object({ path: z.string(), mode: z.int() }),
  'files trash': z.array(trashedFileSchema.pick({ path: true, trash: true })),
  'files trashed': z.array(trashedFileSchema),
  'files restore': z.object({ path: z.string() }),
  'files rm': z.object({ removed: z.array(z.string()) }),
  'folder look': inspectionSchema,
  'folder add': z.object({ id: z.string(), recipe: z.string() }),
  'folder list': z.array(folderStateSchema),
  'folder sync': syncReportSchema,
  'folder remove': byId,
  'site list': z.array(shippedSiteSchema),
  'site show': siteReadingSchema,
  'site import': siteReadingSchema,
  'site remove': byId,
  'source list': z.array(sourceSchema),
  'source add': sourceReviewSchema,
  'source update': sourceReviewSchema,
  'source remove': byId,
  'token create': z.object({ token: tokenSchema, text: z.string() }),
  'token update': tokenSchema,
  'token list': z.array(usedTokenSchema),
  'token revoke': byId,
  'token waiting': z.array(consentSchema),
  'token allow': byId,
  'token deny': byId,
  journal: z.array(auditEntrySchema),
  'settings list': settingsSchema,
  'settings set': settingsChangeSchema,
  'notices ls': appStateSchema.shape.system.shape.notices,
  'notices dismiss': byId,
  events: z.union([z.array(transitionSchema), transitionSchema.describe('A line each, with --follow.')]),
  'engine status': engineStatusSchema,
  'engine start': engineStatusSchema,
  'engine stop': z.object({ pid: z.int() }),
  manual: z.object({ folder: z.string(), files: z.array(z.string()) }).describe('With --folder.'),
  doctor: z.array(doctorFinding),
};

/** What any command prints with --json where it fails. */
export const failureSchema = z.object({ error: serializedErrorSchema });

/** Of what a command prints with --json, whether it succeeds or fails. */
export function jsonSchemaOf(command: string): Record<string, unknown> | null {
  const schema = outputSchemas[command];
  if (!schema) return null;
  return {
    title: `tunel ${command} --json`,
    ...z.toJSONSchema(z.union([schema, failureSchema]), { unrepresentable: 'any' }),
  };
}
