import type { FolderStart } from '../../shared/folders.ts';

/** Options that make a framework's own server watch its files: uvicorn and gunicorn, Flask, Bokeh, Node.js, Shiny. */
const options = /(^|\s)(--reload|--debug|--dev|--watch)(\s|$)|\bnodemon\b|\bautoreload\b/;

/**
 * Whether a saved file shows in the running app without a new start. Only where the start line asks for it: on a file
 * system of a cluster many frameworks hear of no change, and a new start always works.
 */
export const reloadsItself = ({ kind, line }: Pick<FolderStart, 'kind' | 'line'>): boolean =>
  kind === 'static' || options.test(line);
