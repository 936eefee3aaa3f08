import { shellPath, splitPath } from './paths.ts';

/** What the scripts exit with instead of removing the home directory or what it is in. */
export const HOME_KEPT = 3;

export const begin = 'LC_ALL=C; export LC_ALL';

/** Fails with the message of the system where nothing has that name, not even a link to nowhere. */
export const checkExists = (variable: string): string =>
  `[ -e "$${variable}" ] || [ -L "$${variable}" ] || { ls -d -- "$${variable}" >/dev/null; exit 1; }`;

/** Ends with `HOME_KEPT` for the home directory and what it is in. */
export const checkNotHome = (variable: string): string =>
  `if [ -d "$${variable}" ] && [ ! -L "$${variable}" ]; then
  home=$(cd -P -- "$HOME" && pwd -P && echo .); real=$(cd -P -- "$${variable}" && pwd -P && echo .) || exit 1
  home=\${home%??}; real=\${real%??}; real=\${real%/}
  case $home/ in "$real"/*) exit ${HOME_KEPT} ;; esac
fi`;

/** A file at the new path is replaced where that is wanted, a folder never. */
const checkFree = (replaces: boolean): string => `if [ -e "$q" ] || [ -L "$q" ]; then
  ${replaces ? 'if [ -d "$q" ]; then ' : ''}echo "File exists" >&2; exit 1${replaces ? '; fi' : ''}
fi`;

/** Removes a file, a link itself, or a folder: with all that is in it, or only an empty one. */
export function removeScript(path: string, isRecursive: boolean): string {
  return `${begin}; p=${shellPath(path)}
${checkExists('p')}
${checkNotHome('p')}
if [ -d "$p" ] && [ ! -L "$p" ]; then exec ${isRecursive ? 'rm -rf' : 'rmdir'} -- "$p"; fi
exec rm -f -- "$p"
`;
}

/** Gives something another path. */
export function moveScript(path: string, newPath: string, replaces: boolean): string {
  return `${begin}; p=${shellPath(path)}; q=${shellPath(newPath)}
${checkExists('p')}
${checkFree(replaces)}
exec mv -f -- "$p" "$q"
`;
}

/**
 * Copies something with its times and modes; links stay links. What is copied has a name of its own until it is whole, so that nothing
 * half copied has the new path.
 */
export function copyScript(path: string, newPath: string, replaces: boolean, unique: string): string {
  const { folder } = splitPath(newPath);
  return `${begin}; p=${shellPath(path)}; q=${shellPath(newPath)}
${checkExists('p')}
${checkFree(replaces)}
folder=$(cd -P -- ${shellPath(folder)} && pwd -P && echo .) || exit 1; folder=\${folder%??}
if [ -d "$p" ] && [ ! -L "$p" ]; then
  real=$(cd -P -- "$p" && pwd -P && echo .) || exit 1; real=\${real%??}
  case $folder/ in "$real"/*) echo "a folder cannot be copied into itself" >&2; exit 1 ;; esac
fi
t=\${folder%/}/.tunel-copy-${unique}
trap 'rm -rf -- "$t"' EXIT; trap 'exit 1' HUP INT TERM
cp -R -P -p -- "$p" "$t" && mv -f -- "$t" "$q"
`;
}

/** Makes a folder that only its owner can enter; with parents it may be there already. */
export function makeDirectoryScript(path: string, withParents: boolean): string {
  return `${begin}; umask 077; exec mkdir ${withParents ? '-p ' : ''}-- ${shellPath(path)}
`;
}

const modeBits = [
  ...['u', 'g', 'o'].flatMap((who, index) =>
    ['r', 'w', 'x'].map((what, at) => ({ bit: 0o400 >> (3 * index + at), who, what })),
  ),
  { bit: 0o4000, who: 'u', what: 's' },
  { bit: 0o2000, who: 'g', what: 's' },
  { bit: 0o1000, who: '', what: 't' },
];

/** Bit by bit: what chmod does with the setgid bit of a folder after a number differs from one system to the next. */
const symbolicMode = (mode: number, mask: number): string =>
  modeBits
    .filter(({ bit }) => (mask & bit) !== 0)
    .map(({ bit, who, what }) => `${who}${mode & bit ? '+' : '-'}${what}`)
    .join(',');

/** Sets who may read, write and run something; bits outside of the mask stay as they are. */
export function setModeScript(path: string, mode: number, mask: number): string {
  return `${begin}; p=${shellPath(path)}
${checkExists('p')}
${mask === 0 ? 'exit 0' : `exec chmod -- ${symbolicMode(mode, mask)} "$p"`}
`;
}
