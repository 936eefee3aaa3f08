import { sshIncludeSchema } from '../ssh-hosts.ts';
import { nothing } from './common.ts';
import { request } from './define.ts';

export const requests = {
  'proxies.sshInclude': request({
    doc: "The hosts that ssh can reach through Tunel, the file that names them, and whether the user's ~/.ssh/config includes it. Changes nothing.",
    scope: 'owner',
    input: nothing,
    output: sshIncludeSchema,
  }),
  'proxies.addSshInclude': request({
    doc: 'Writes that file and one line at the top of ~/.ssh/config that includes it.',
    scope: 'owner',
    input: nothing,
    output: sshIncludeSchema,
    errors: ['command-missing'],
  }),
  'proxies.removeSshInclude': request({
    doc: 'Removes that line from ~/.ssh/config, and the file.',
    scope: 'owner',
    input: nothing,
    output: sshIncludeSchema,
  }),
};
