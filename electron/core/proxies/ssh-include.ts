import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { errorCode, storageError } from '../../client/storage-error.ts';
import type { Cluster } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import type { Instance } from '../../shared/instances.ts';
import { message } from '../../shared/messages.ts';
import type { SshInclude } from '../../shared/ssh-hosts.ts';
import {
  addInclude,
  hasInclude,
  includeLine,
  listSshHosts,
  removeInclude,
  writeSshConfig,
} from './ssh-config-policy.ts';
import type { SshFiles } from './ssh-files.ts';

interface SshIncludeDeps {
  files: SshFiles;
  data: string;
  /** The bundled command line. */
  cli: string;
  clusters(): readonly Cluster[];
  instances(): readonly Instance[];
  /** The user's configuration; tests have their own. */
  configFile?: string;
}

/** One file of ours with the hosts that Tunel reaches, and one line in the user's ~/.ssh/config that includes it. */
export class SshConfigInclude {
  readonly #deps: SshIncludeDeps;
  readonly #configFile: string;
  readonly #file: string;

  constructor(deps: SshIncludeDeps) {
    this.#deps = deps;
    this.#configFile = deps.configFile ?? join(homedir(), '.ssh', 'config');
    this.#file = join(deps.files.folder, 'config');
  }

  /** The path as the text of the configuration has it, which is read byte by byte. */
  get #fileInConfig(): string {
    return Buffer.from(this.#file, 'utf8').toString('latin1');
  }

  /** What is there and would be there. @throws AppError `storage` */
  describe(): SshInclude {
    const { clusters, instances } = this.#deps;
    const { text: config } = this.#readConfig();
    return {
      configFile: this.#configFile,
      line: includeLine(this.#file),
      isIncluded: hasInclude(config, this.#fileInConfig),
      file: this.#file,
      text: this.#text(),
      hosts: listSshHosts(clusters(), instances()),
    };
  }

  /** @throws AppError `storage`, `not-permitted` for a configuration that belongs to somebody else */
  add(): SshInclude {
    this.#deps.files.keyPair();
    this.#deps.files.write(this.#file, this.#text());
    this.#change((text) => addInclude(text, this.#fileInConfig));
    return this.describe();
  }

  remove(): SshInclude {
    this.#change((text) => removeInclude(text, this.#fileInConfig));
    rmSync(this.#file, { force: true });
    return this.describe();
  }

  /** Writes our file anew where there is one; clusters or apps have changed. */
  refresh(): void {
    if (!existsSync(this.#file)) return;
    const text = this.#text();
    if (readFileSync(this.#file, 'utf8') !== text) this.#deps.files.write(this.#file, text);
  }

  #text(): string {
    const { files, data, cli, clusters, instances } = this.#deps;
    return writeSshConfig({
      hosts: listSshHosts(clusters(), instances()),
      command: [nodeProgram(), cli],
      data,
      identityFile: join(files.folder, 'id_ed25519'),
      knownHostsFile: files.knownHosts,
    });
  }

  /** A configuration that is a link of the user's own is changed where it points to. */
  #readConfig(): { path: string; text: string; mode: number } {
    try {
      const link = lstatSync(this.#configFile);
      checkOwner(this.#configFile, link.uid);
      const path = realpathSync(this.#configFile);
      const { uid, mode } = lstatSync(path);
      checkOwner(path, uid);
      return { path, text: readFileSync(path, 'latin1'), mode: mode & 0o777 };
    } catch (cause) {
      if (errorCode(cause) === 'ENOENT') return { path: this.#configFile, text: '', mode: 0o600 };
      throw storageError(this.#configFile, cause);
    }
  }

  #change(change: (text: string) => string): void {
    const { path, text, mode } = this.#readConfig();
    const changed = change(text);
    if (changed === text) return;
    const temporary = `${path}.tunel-${process.pid}`;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(temporary, changed, { mode, flag: 'wx', encoding: 'latin1' });
      chmodSync(temporary, mode);
      renameSync(temporary, path);
    } catch (cause) {
      rmSync(temporary, { force: true });
      throw storageError(path, cause);
    }
  }
}

function checkOwner(path: string, uid: number): void {
  const own = process.getuid?.();
  if (own === undefined || uid === own) return;
  throw new AppError('not-permitted', message`${{ path }} belongs to another user, so that Tunel does not change it.`, {
    hint: 'Make it yours, or include the file of Tunel by hand: tunel ssh-config show',
  });
}

/** Inside the app this program is the app itself, which runs no scripts. */
function nodeProgram(): string {
  if (!process.versions.electron) return process.execPath;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
  return found ?? 'node';
}
