import { z } from 'zod';
import { exposureSchema, launchInputSchema } from '../instances.ts';
import { byId, byInstanceId, idempotencyKey, logPieceSchema, nothing, onCluster } from './common.ts';
import { commandErrors, event, launchErrors, request } from './define.ts';

/** How a view reaches the gateway. */
export const viewAccessSchema = z.object({
  origin: z.url({ protocol: /^https$/ }),
  host: z.string().regex(/^[a-z0-9-]+\.apps\.internal$/),
  /** The gateway's loopback port, for `session.setProxy`. */
  proxyPort: z.number().int().min(1).max(65_535),
  /** The header that only this view adds. */
  secretHeader: z.object({ name: z.string().min(1), value: z.string().min(1) }),
  /** Of the certificate made at run time, `sha256/<base64>` as Electron's `certificate.fingerprint` spells it. */
  certificateFingerprint: z.string().startsWith('sha256/'),
});
export type ViewAccess = z.infer<typeof viewAccessSchema>;

export const requests = {
  'instances.launch': request({
    doc: 'Starts an app or a batch job and answers at once with its id; the state tells how it goes on.',
    scope: 'launch',
    subject: onCluster,
    audit: ({ recipe }) => recipe,
    http: 'POST /clusters/{clusterId}/apps',
    example: {
      clusterId: 'hpc',
      recipe: 'jupyter',
      launcher: 'slurm',
      resources: { cpus: 4, memory: 8192, time: 120 },
    },
    input: launchInputSchema.extend({ key: idempotencyKey }),
    output: z.object({ id: z.string() }),
    errors: [...launchErrors, 'key-reused'],
  }),
  'instances.stop': request({
    doc: 'Before it is ready: cancels it. After: asks the app to save, then ends it.',
    scope: 'launch',
    subject: byInstanceId,
    audit: ({ id }) => id,
    http: 'POST /clusters/{clusterId}/apps/{id}/stop',
    input: byId,
    output: nothing,
    errors: ['not-found'],
  }),
  'instances.end': request({
    doc: 'Ends it at once; what it has not saved is lost.',
    scope: 'launch',
    subject: byInstanceId,
    audit: ({ id }) => id,
    http: 'POST /clusters/{clusterId}/apps/{id}/end',
    input: byId,
    output: nothing,
    errors: ['not-found'],
  }),
  'instances.release': request({
    doc: 'Releases a job that its user holds, so that it can begin. Its state changes when the scheduler says so.',
    scope: 'launch',
    subject: byInstanceId,
    audit: ({ id }) => id,
    http: 'POST /clusters/{clusterId}/apps/{id}/release',
    input: byId,
    output: nothing,
    errors: ['not-found', 'conflict', ...commandErrors.filter((code) => code !== 'not-found')],
  }),
  'instances.remove': request({
    doc: 'Takes an ended one off the list, and its directory off the cluster when that can be reached.',
    scope: 'launch',
    subject: byInstanceId,
    audit: ({ id }) => id,
    http: 'DELETE /clusters/{clusterId}/apps/{id}',
    input: byId,
    output: nothing,
    errors: ['not-found', 'conflict', ...commandErrors.filter((code) => code !== 'not-found')],
  }),
  'instances.continue': request({
    doc: 'Continues a launch that was interrupted before it was submitted.',
    scope: 'launch',
    subject: byInstanceId,
    audit: ({ id }) => id,
    http: 'POST /clusters/{clusterId}/apps/{id}/continue',
    input: byId,
    output: nothing,
    errors: ['not-found', 'conflict'],
  }),
  'instances.forget': request({
    doc: 'Takes an interrupted launch off the list, and what was sent of it off the cluster when that can be reached.',
    scope: 'launch',
    subject: byInstanceId,
    audit: ({ id }) => id,
    http: 'POST /clusters/{clusterId}/apps/{id}/forget',
    input: byId,
    output: nothing,
    errors: ['conflict', ...commandErrors],
  }),
  'instances.log': request({
    doc: 'The log from a byte offset on; negative: that many bytes from the end. At most 256 KiB an answer.',
    scope: 'read',
    subject: byInstanceId,
    http: 'GET /clusters/{clusterId}/apps/{id}/log',
    input: z.object({ id: z.string(), offset: z.number().int() }),
    output: logPieceSchema.extend({ size: z.number() }),
    errors: commandErrors,
  }),
  'instances.note': request({
    doc: "The value of one of an app's notes, such as its password.",
    scope: 'owner',
    input: z.object({ id: z.string(), label: z.string().max(100) }),
    output: z.object({ value: z.string().max(4000) }),
    errors: ['not-found'],
  }),
  'instances.sshCommand': request({
    doc: 'The ssh command that forwards to the app.',
    scope: 'read',
    subject: byInstanceId,
    http: 'GET /clusters/{clusterId}/apps/{id}/ssh-command',
    input: byId,
    output: z.object({ command: z.string() }),
    errors: ['not-found', 'conflict'],
  }),
  'instances.exposure': request({
    doc: 'Checks again who besides the user can reach the app; the answer is also kept as its `exposure`.',
    scope: 'read',
    subject: byInstanceId,
    http: 'GET /clusters/{clusterId}/apps/{id}/exposure',
    input: byId,
    output: exposureSchema,
    errors: ['conflict', ...commandErrors],
  }),
  'instances.viewAccess': request({
    doc: 'How a view reaches the app through the gateway; it holds the secret of that view.',
    scope: 'owner',
    input: byId,
    output: viewAccessSchema,
    errors: ['not-found'],
  }),
  'instances.resume': request({
    doc: 'Connects to the clusters of running apps and watches these again. It starts, uploads and submits nothing new.',
    scope: 'owner',
    input: nothing,
    output: nothing,
  }),
  'instances.browserLink': request({
    doc: 'A link that works once, within a minute, in any browser of this user.',
    scope: 'owner',
    input: byId,
    output: z.object({ url: z.string() }),
    errors: ['not-found', 'conflict', 'not-ready'],
  }),
};

export const events = {
  'log.appended': event({
    doc: 'More of a log that somebody reads, with the bytes of the file that it shows. Secrets are masked in the text.',
    scope: 'read',
    payload: logPieceSchema.extend({ id: z.string() }),
  }),
};
