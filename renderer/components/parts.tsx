// Until the launch form imports them from their own files.
export { ErrorNote } from './error-note.tsx';
export { IconButton } from './icon-button.tsx';
export { stroke } from './icons.tsx';
export { Kbd, modKey } from './kbd.tsx';
export { Note } from './note.tsx';
export { PageHead } from './page.tsx';
