import type { FolderStart } from '../../shared/folders.ts';

/** What tells a framework's own server to look at its files: uvicorn and gunicorn, Flask, Bokeh, Node.js, Shiny. */
const options = /(^|\s)(--reload|--debug|--dev|--watch)(\s|$)|\bnodemon\b|\bautoreload\b/;

/**
 * Whether a saved file shows in the running app without a new start. Streamlit does it best itself (run-folder-script.ts);
 * others only where the start line asks for it: on a file system of a cluster many hear of no change, and a new start
 * always works.
 */
export const reloadsItself = ({ kind, line }: Pick<FolderStart, 'kind' | 'line'>): boolean =>
  kind === 'static' || kind === 'streamlit' || options.test(line);
