import { z } from 'zod';
import {
  clusterFactsSchema,
  clusterInputSchema,
  clusterSummarySchema,
  clusterTestSchema,
  loginNodeUsageSchema,
  resolvedHostSchema,
  sshConfigHostSchema,
} from '../clusters.ts';
import { formChoiceSchema } from '../form-choices.ts';
import { promptAnswerSchema } from '../prompts.ts';
import { choiceSourceSchema } from '../recipes.ts';
import { siteProfileSchema } from '../sites.ts';
import { byClusterId, byId, idOf, noCluster, nothing, onCluster } from './common.ts';
import { commandErrors, connectionErrors, request } from './define.ts';

export const requests = {
  'clusters.save': request({
    doc: 'Saves a new cluster, or changes the one with the id.',
    scope: 'owner',
    audit: ({ input }) => input.name,
    input: z.object({ id: z.string().optional(), input: clusterInputSchema }),
    output: z.object({ id: z.string() }),
    errors: ['conflict', 'not-found'],
  }),
  'clusters.copy': request({
    doc: 'Saves a copy of a cluster under a new name.',
    scope: 'owner',
    input: byId,
    output: z.object({ id: z.string() }),
    errors: ['not-found'],
  }),
  'clusters.remove': request({
    doc: 'Removes a cluster and its secrets from this computer; its running apps go on.',
    scope: 'owner',
    audit: ({ id }) => id,
    input: byId,
    output: nothing,
    errors: ['not-found', 'conflict', 'keychain'],
  }),
  'clusters.test': request({
    doc: 'Signs in with what is given, says what was found, and keeps nothing.',
    scope: 'owner',
    input: z.object({ input: clusterInputSchema }),
    output: clusterTestSchema,
    errors: connectionErrors,
  }),
  'clusters.connect': request({
    doc: 'Connects and stays connected until `clusters.disconnect`.',
    scope: 'read',
    subject: byClusterId,
    audit: () => '',
    input: byId,
    output: nothing,
    errors: connectionErrors,
  }),
  'clusters.connectAtStart': request({
    doc: 'Connects to the clusters that are marked for it, as the app does at its start. Does not wait for them.',
    scope: 'owner',
    input: nothing,
    output: nothing,
  }),
  'clusters.disconnect': request({
    doc: 'Closes the connection; running apps go on.',
    scope: 'owner',
    audit: ({ id }) => id,
    input: byId,
    output: nothing,
    errors: ['not-found'],
  }),
  'clusters.retry': request({
    doc: 'Connects now instead of after the waiting time, or again after a cancelled question.',
    scope: 'owner',
    input: byId,
    output: nothing,
    errors: ['not-found'],
  }),
  'clusters.trustHostKey': request({
    doc: 'Accepts a further host key for a known name, by the fingerprint that the user compared, and connects.',
    scope: 'owner',
    input: z.object({
      id: idOf,
      fingerprint: z
        .string()
        .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'A fingerprint begins with SHA256: and has 43 more characters.'),
    }),
    output: nothing,
    errors: ['not-found'],
  }),
  'clusters.forgetSecrets': request({
    doc: 'Removes the passwords and passphrases that are kept for a cluster.',
    scope: 'owner',
    input: byId,
    output: nothing,
    errors: ['not-found', 'keychain'],
  }),
  'clusters.setSite': request({
    doc: 'Takes over a site profile that the user has reviewed; null: without one again.',
    scope: 'owner',
    input: z.object({ id: idOf, profile: siteProfileSchema.nullable() }),
    output: nothing,
    errors: ['not-found', 'site-invalid'],
  }),
  'clusters.allowApi': request({
    doc: 'Whether programs with a token may use a cluster.',
    scope: 'owner',
    audit: ({ id, allow }) => `${id} ${allow ? 'on' : 'off'}`,
    input: byId.extend({ allow: z.boolean() }),
    output: nothing,
    errors: ['not-found'],
  }),
  'clusters.list': request({
    doc: 'The clusters that the caller may use, and the state of their connections.',
    scope: 'read',
    subject: noCluster,
    input: nothing,
    output: z.array(clusterSummarySchema),
  }),
  'clusters.facts': request({
    doc: 'What is known of a cluster: home directory, schedulers, runtimes. Connects and reads it when nothing is known.',
    scope: 'read',
    subject: byClusterId,
    input: byId,
    output: clusterFactsSchema,
    errors: commandErrors,
  }),
  'clusters.usage': request({
    doc: 'What the connections of this engine have cost the login node of a cluster. Connects to nothing.',
    scope: 'read',
    subject: byClusterId,
    input: byId,
    output: loginNodeUsageSchema,
    errors: ['not-found'],
  }),
  'clusters.choices': request({
    doc: 'What a field of a launch form can be filled with on a cluster. Connects if need be.',
    scope: 'read',
    subject: onCluster,
    input: z.object({ clusterId: idOf, from: choiceSourceSchema, fresh: z.boolean().default(false) }),
    output: z.array(formChoiceSchema),
    errors: commandErrors,
  }),
  'clusters.sshConfigHosts': request({
    doc: "The hosts of the user's ~/.ssh/config.",
    scope: 'owner',
    input: nothing,
    output: z.array(sshConfigHostSchema),
  }),
  'clusters.resolveSshConfig': request({
    doc: 'What ~/.ssh/config says of a host, by `ssh -G`.',
    scope: 'owner',
    input: z.object({ alias: z.string().min(1).max(255) }),
    output: resolvedHostSchema,
    errors: ['not-found', 'command-failed', 'command-missing'],
  }),
  'prompts.answer': request({
    doc: 'Answers a question of a sign-in. The first answer of any client counts.',
    scope: 'owner',
    input: z.object({ id: z.string(), answer: promptAnswerSchema }),
    output: nothing,
    errors: ['not-found'],
  }),
};
