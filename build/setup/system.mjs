import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isRoot } from './paths.mjs';
import { run, SetupError, UP_TO_DATE } from './step.mjs';

// Alternatives of one line are names of the same library in different releases.
const forElectron = [
  ['libnss3'],
  ['libgtk-3-0', 'libgtk-3-0t64'],
  ['libgbm1'],
  ['libasound2', 'libasound2t64'],
  ['libsecret-1-0'],
  ['fonts-liberation', 'fonts-dejavu-core'],
];
const forHeadless = [['xvfb']];
const forDemo = [['python3']];
// Every program that a test starts on this machine, except what each Debian has; the test clusters install what they alone need.
const forTests = [
  ...forHeadless,
  ...forDemo,
  ['busybox', 'busybox-static'],
  ['ca-certificates'],
  ['curl'],
  ['dbus'],
  ['fish'],
  ['git'],
  ['gnome-keyring'],
  ['groff-base'],
  ['iproute2'],
  ['jupyter-nbconvert'],
  ['krb5-admin-server'],
  ['krb5-kdc'],
  ['krb5-user'],
  ['ksh'],
  ['mksh'],
  ['mypy'],
  ['openssh-client'],
  ['openssl'],
  ['procps'],
  ['python3-ipykernel'],
  ['python3-jinja2'],
  ['python3-pip'],
  ['python3-setuptools'],
  ['python3-wheel'],
  ['rsync'],
  ['shellcheck'],
  ['softhsm2'],
  ['tcsh'],
  ['zsh'],
];
// macOS has the rest, or Xcode's command line tools have it; the test clusters need Linux.
const macCommands = { test: ['shellcheck'] };

/** Debian packages a purpose needs, each as a list of alternative names. */
export function neededPackages(purpose, hasDisplay) {
  if (purpose === 'package') return [];
  if (purpose === 'test') return [...forElectron, ...forTests];
  return [...forElectron, ...forDemo, ...(hasDisplay ? [] : forHeadless)];
}

/** Installed packages among dpkg's status entries: those whose state is `install ok installed`. */
export function installedPackages(status) {
  const installed = new Set();
  for (const entry of status.split('\n\n')) {
    const name = /^Package: (.+)$/m.exec(entry)?.[1];
    if (name && /^Status: .* installed$/m.test(entry)) installed.add(name);
  }
  return installed;
}

async function isAvailable(name) {
  const { stdout } = await run('apt-cache', ['policy', name]);
  return /Candidate: (?!\(none\))/.test(stdout);
}

async function chooseNames(missing) {
  const names = [];
  for (const alternatives of missing) {
    let chosen = alternatives[0];
    for (const name of alternatives) {
      if (await isAvailable(name)) {
        chosen = name;
        break;
      }
    }
    names.push(chosen);
  }
  return names;
}

async function canSudo() {
  return run('sudo', ['-n', 'true'], { timeout: 5000 }).then(
    () => true,
    () => false,
  );
}

/** The commands among `names` that PATH does not have. */
export function missingCommands(names, path = process.env.PATH ?? '') {
  const folders = path.split(delimiter).filter(Boolean);
  return names.filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
}

async function installWithHomebrew(purpose) {
  const missing = missingCommands(macCommands[purpose] ?? []);
  if (missing.length === 0) return UP_TO_DATE;
  const command = `brew install ${missing.join(' ')}`;
  if (missingCommands(['brew']).length > 0) {
    throw new SetupError(`These commands are missing: ${missing.join(' ')}`, {
      why: 'Set-up installs them with Homebrew, which is not there.',
      hint: `Install Homebrew and try again, or install them yourself. With Homebrew it is: ${command}`,
    });
  }
  await run('brew', ['install', ...missing], {
    timeout: 15 * 60_000,
    hint: `Run \`${command}\` and look at what it says.`,
  });
  return { note: missing.join(' ') };
}

/** Installs what Electron, a headless run and the tests need of the system, with apt or Homebrew; elsewhere it names what is needed. */
export async function installSystemPackages(purpose, hasDisplay) {
  if (process.platform === 'darwin') return installWithHomebrew(purpose);
  if (process.platform !== 'linux') return UP_TO_DATE;
  let status;
  try {
    status = readFileSync('/var/lib/dpkg/status', 'utf8');
  } catch {
    const names = neededPackages(purpose, hasDisplay).map(([name]) => name);
    return { note: `not a Debian: install the counterparts of ${names.join(' ')} yourself` };
  }
  const find = () => {
    const installed = installedPackages(status);
    return neededPackages(purpose, hasDisplay).filter((names) => !names.some((name) => installed.has(name)));
  };
  const missing = find();
  if (missing.length === 0) return UP_TO_DATE;

  const sudo = isRoot ? [] : ['sudo', '-n'];
  if (!isRoot && !(await canSudo())) {
    const names = missing.map(([name]) => name);
    throw new SetupError(`These packages are missing: ${names.join(' ')}`, {
      why: 'Only root can install them, and `sudo -n` did not let this user.',
      hint: `Ask an administrator for:\n  apt-get install --no-install-recommends ${names.join(' ')}`,
    });
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (args) => {
    const [command, ...rest] = [...sudo, 'apt-get', '-q', '-y', '-o', 'DPkg::Lock::Timeout=300', ...args];
    return run(command, rest, { env, timeout: 15 * 60_000, hint: 'Mend what apt-get names, then try again.' });
  };
  // A fresh image has no lists at all; a stale one fails on versions that are gone, hence always an update.
  await apt(['update']);
  const names = await chooseNames(missing);
  await apt(['install', '--no-install-recommends', ...names]);
  status = readFileSync('/var/lib/dpkg/status', 'utf8');
  const still = find();
  if (still.length > 0) throw new SetupError(`apt-get ended well, but these are still missing: ${still.join(' ')}`);
  return { note: names.join(' ') };
}
