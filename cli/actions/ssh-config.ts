import type { SshInclude } from '../../electron/shared/ssh-hosts.ts';
import { confirm } from '../confirm.ts';
import { withEngine } from '../engine-session.ts';
import type { JsonOption } from '../json-option.ts';
import { printJson, printProgress } from '../output.ts';

export interface SshConfigOptions extends JsonOption {
  yes?: boolean;
}

export function showSshConfig({ json }: SshConfigOptions): Promise<void> {
  return withEngine(async ({ request }) => {
    const include = await request('proxies.sshInclude', undefined);
    if (json) return printJson(include);
    printLine(include);
    printProgress(`${include.file}:`);
    process.stdout.write(include.text);
  });
}

export function listSshHosts({ json }: SshConfigOptions): Promise<void> {
  return withEngine(async ({ request }) => {
    const { hosts } = await request('proxies.sshInclude', undefined);
    if (json) return printJson(hosts);
    for (const { name } of hosts) process.stdout.write(`${name}\n`);
  });
}

export function addSshConfig({ json, yes }: SshConfigOptions): Promise<void> {
  return withEngine(async ({ request }) => {
    const before = await request('proxies.sshInclude', undefined);
    if (!json) printLine(before);
    if (!yes && !before.isIncluded) {
      await confirm(`Add it to ${before.configFile} (yes/no)? `, 'Add --yes.', 'Nothing was changed');
    }
    const after = await request('proxies.addSshInclude', undefined);
    if (json) return printJson(after);
    printProgress(`Added. Try: ssh ${after.hosts[0]?.name ?? 'tunel-NAME'}`);
  });
}

export function removeSshConfig({ json }: SshConfigOptions): Promise<void> {
  return withEngine(async ({ request }) => {
    const after = await request('proxies.removeSshInclude', undefined);
    if (json) return printJson(after);
    printProgress(`${after.configFile} does not include ${after.file} any more.`);
  });
}

function printLine({ configFile, line, isIncluded }: SshInclude): void {
  printProgress(isIncluded ? `${configFile} has the line:` : `At the top of ${configFile} belongs the line:`);
  printProgress(`  ${line}`);
}
