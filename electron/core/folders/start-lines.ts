import { quote } from '../../shared/shell-quote.ts';

/** Start lines of servers that take the endpoint of a launch. Each is one line for sh, run in the folder. */

const socket = '"unix:$TUNEL_SOCKET"';
const helper = (name: string): string => `python3 "$TUNEL_DIR/files/${name}"`;
const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');

export const gunicornLine = (target: string, options = ''): string =>
  joined(`python3 -m gunicorn --bind ${socket}`, options, target);
export const uvicornLine = (target: string, options = ''): string =>
  joined('python3 -m uvicorn', target, '--uds "$TUNEL_SOCKET"', options);
export const hypercornLine = (target: string, options = ''): string =>
  joined(`python3 -m hypercorn --bind ${socket}`, options, target);
/** FLASK_APP is known to every version of Flask, `--app` only since 2.2. */
export const flaskLine = (target: string, options = ''): string =>
  joined(`FLASK_APP=${target}`, 'python3 -m flask run --host "unix://$TUNEL_SOCKET"', options);
export const wsgiLine = (target: string): string => `${helper('serve_wsgi.py')} ${target}`;
export const streamlitLine = (words: string): string => `${helper('serve_streamlit.py')} ${words}`;
export const staticLine = helper('serve_static.py');
export const computeStudioLine = helper('serve_compute_studio.py');
/** A Python program that opens a port by itself: whichever it asks for becomes that of the launch. */
export const pythonPortLine = (words: string): string => `${helper('run_python.py')} ${words}`;

export const bokehLine = (words: string): string =>
  `python3 -m bokeh serve ${words} --unix-socket "$TUNEL_SOCKET" --allow-websocket-origin=localhost`;
export const panelLine = (words: string): string =>
  `python3 -m panel serve ${words} --address 127.0.0.1 --port "$TUNEL_PORT" --allow-websocket-origin=localhost`;
export const voilaLine = (words: string): string =>
  `python3 -m voila ${words} --no-browser --port="$TUNEL_PORT" --Voila.ip=127.0.0.1`;
export const pythonShinyLine = (words: string): string =>
  `python3 -m shiny run ${words} --host 127.0.0.1 --port "$TUNEL_PORT"`;
export const gradioLine = (words: string): string =>
  `GRADIO_SERVER_NAME=127.0.0.1 GRADIO_SERVER_PORT=$TUNEL_PORT GRADIO_ANALYTICS_ENABLED=False ${pythonPortLine(words)}`;

/** What its `listen` is called with, a number or nothing, becomes the socket of the launch. */
export const nodeSocketLine = (command: string): string =>
  `NODE_OPTIONS="--require \\"$TUNEL_DIR/files/listen_on_socket.cjs\\"" ${command}`;
export const portLine = (command: string): string => `PORT=$TUNEL_PORT HOST=127.0.0.1 ${command}`;

const rPort = 'as.integer(Sys.getenv("TUNEL_PORT"))';
export const rLine = (expression: string): string => `Rscript -e ${quote(expression)}`;
export const shinyLine = (app: string): string =>
  rLine(`shiny::runApp(${app}, host = "127.0.0.1", port = ${rPort}, launch.browser = FALSE)`);
export const plumberLine = rLine(`plumber::plumb(dir = ".")$run(host = "127.0.0.1", port = ${rPort})`);
