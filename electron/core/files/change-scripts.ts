import { shellPath } from './paths.ts';

/** What `removeScript` exits with instead of removing the home directory or what it is in. */
export const HOME_KEPT = 3;

const begin = 'LC_ALL=C; export LC_ALL';

/** Fails with the message of the system where nothing has that name, not even a link to nowhere. */
const checkExists = (variable: string): string =>
  `[ -e "$${variable}" ] || [ -L "$${variable}" ] || { ls -d -- "$${variable}" >/dev/null; exit 1; }`;

/** Removes a file, a link itself, or a folder: with all that is in it, or only an empty one. */
export function removeScript(path: string, isRecursive: boolean): string {
  return `${begin}; p=${shellPath(path)}
${checkExists('p')}
if [ -d "$p" ] && [ ! -L "$p" ]; then
  home=$(cd -P -- "$HOME" && pwd -P && echo .); here=$(cd -P -- "$p" && pwd -P && echo .) || exit 1
  home=\${home%??}; here=\${here%??}; here=\${here%/}
  case $home/ in "$here"/*) exit ${HOME_KEPT} ;; esac
  exec ${isRecursive ? 'rm -rf' : 'rmdir'} -- "$p"
fi
exec rm -f -- "$p"
`;
}

/** Gives something another path. A file there is replaced where that is wanted, a folder never is. */
export function moveScript(path: string, newPath: string, replaces: boolean): string {
  return `${begin}; p=${shellPath(path)}; q=${shellPath(newPath)}
${checkExists('p')}
if [ -e "$q" ] || [ -L "$q" ]; then
  ${replaces ? 'if [ -d "$q" ]; then ' : ''}echo "File exists" >&2; exit 1${replaces ? '; fi' : ''}
fi
exec mv -f -- "$p" "$q"
`;
}

/** Makes a folder that only its owner can enter; with parents it may be there already. */
export function makeDirectoryScript(path: string, withParents: boolean): string {
  return `${begin}; umask 077; exec mkdir ${withParents ? '-p ' : ''}-- ${shellPath(path)}
`;
}
