import { expect, test } from 'vitest';
import { failureLine } from '../../../electron/core/instances/failure-line-policy.ts';
import { findNetworkFailure } from '../../../electron/core/network-failure-policy.ts';

test.each([
  ['the last line where nothing looks like an error', 'first\nlast words\n\n', 'last words'],
  [
    'the exception of a traceback',
    `Traceback (most recent call last):
  File "/home/ada/app.py", line 2, in <module>
    import flask
ModuleNotFoundError: No module named 'flask'
[2026-11-29 10:00:00 +0000] [9] [ERROR] Shutting down: Master
[2026-11-29 10:00:00 +0000] [9] [ERROR] Reason: Worker failed to boot.`,
    "ModuleNotFoundError: No module named 'flask'",
  ],
  [
    'the last of chained exceptions, whose message goes on',
    `Traceback (most recent call last):
  File "a.py", line 1
KeyError: 'x'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "a.py", line 3
    raise RuntimeError("bad\\nworse")
RuntimeError: bad
worse
bye`,
    'RuntimeError: bad',
  ],
  ['an error before farewells', 'ERROR: port 8888 is in use\nbye\n', 'ERROR: port 8888 is in use'],
  [
    'a FATAL of apptainer',
    'INFO: x\nFATAL:   could not open image a.sif\nCleaning up',
    'FATAL:   could not open image a.sif',
  ],
  [
    'an error of Node above its stack and version',
    `node:internal/modules/cjs/loader:1031
  throw err;
  ^

Error: Cannot find module 'express'
Require stack:
- /home/ada/index.js
    at Module._resolveFilename (node:internal/modules/cjs/loader:1028:15) {
  code: 'MODULE_NOT_FOUND',
  requireStack: [ '/home/ada/index.js' ]
}

Node.js v20.18.1`,
    "Error: Cannot find module 'express'",
  ],
  [
    'an error of R above “Execution halted”',
    'Error in library(shiny) : there is no package called ‘shiny’\nExecution halted',
    'Error in library(shiny) : there is no package called ‘shiny’',
  ],
  [
    'what stands before the statistics of Xvnc',
    `xterm: Xt error: Can't open display: :1

Xvnc TigerVNC 1.12.0 - built 2023-01-19 13:04
Copyright (C) 1999-2021 TigerVNC Team and many others (see README.rst)
See https://www.tigervnc.org for information on TigerVNC.
Sun Nov 29 10:00:00 2026
 ComparingUpdateTracker: 0 pixels in / 0 pixels out
 ComparingUpdateTracker: (1:-nan ratio)
 EncodeManager: Framebuffer updates: 19
 EncodeManager:   Tight:
 EncodeManager:     Solid: 42 rects, 1.2 Mpixels
 EncodeManager:            504 B (1:9812 ratio)
 Connections: closed: (Server shutdown)`,
    "xterm: Xt error: Can't open display: :1",
  ],
  [
    'what stands before the notes of pip and npm',
    `the model has no data
[notice] A new release of pip is available: 23.0.1 -> 26.1
[notice] To update, run: pip install --upgrade pip
WARNING: Running pip as the 'root' user can result in broken permissions
npm notice New major version of npm available! 9.2.0 -> 11.4.0
npm error A complete log of this run can be found in: /home/ada/.npm/_logs/x-debug-0.log`,
    'the model has no data',
  ],
  [
    'the program’s own words before those of srun',
    'RuntimeError: no GPU\nsrun: error: c1: task 0: Exited with exit code 1',
    'RuntimeError: no GPU',
  ],
  ['our own last line', 'ERROR: x\nTunel: openssl: command not found on c1', 'Tunel: openssl: command not found on c1'],
  ['no count of errors', 'checked, 0 errors\nend of the model', 'end of the model'],
])('a failure is explained by %s', (_, log, expected) => expect(failureLine(log)).toBe(expected));

test.each([
  [
    'pip',
    `WARNING: Retrying (Retry(total=4, connect=None)) after connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7f>: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/flask/
ERROR: Could not find a version that satisfies the requirement flask (from versions: none)
ERROR: No matching distribution found for flask`,
    { kind: 'package index', host: '' },
  ],
  [
    'pip behind a proxy',
    `WARNING: Retrying (Retry(total=0)) after connection broken by 'ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 403 Forbidden'))': /simple/flask/`,
    { kind: 'package index', host: '' },
  ],
  [
    'conda',
    'CondaHTTPError: HTTP 000 CONNECTION FAILED for url <https://conda.example.org/conda-forge/linux-64/repodata.json>',
    { kind: 'package index', host: 'conda.example.org' },
  ],
  [
    'micromamba',
    'error    libmamba Could not retrieve mirrorlist https://conda.example.org/x error (6) Could not resolve hostname\ncritical libmamba Download error (6) Couldn’t resolve host: Could not resolve host: conda.example.org',
    { kind: 'package index', host: 'conda.example.org' },
  ],
  [
    'npm',
    'npm error code EAI_AGAIN\nnpm error syscall getaddrinfo\nnpm error request to https://npm.example.org/express failed, reason: getaddrinfo EAI_AGAIN npm.example.org\nnpm error network This is a problem related to network connectivity.',
    { kind: 'package index', host: 'npm.example.org' },
  ],
  [
    'R',
    "Warning: unable to access index for repository https://cran.example.org/src/contrib:\n  cannot open URL 'https://cran.example.org/src/contrib/PACKAGES'\nWarning message:\npackage ‘shiny’ is not available for this version of R",
    { kind: 'package index', host: 'cran.example.org' },
  ],
  [
    'apptainer',
    'INFO:    Converting OCI blobs to SIF format\nFATAL:   While making image from oci registry: error fetching image to cache: failed to get checksum for docker://x: pinging container registry images.example.org: Get "https://images.example.org/v2/": dial tcp: lookup images.example.org: no such host',
    { kind: 'registry', host: 'images.example.org' },
  ],
  [
    'podman',
    'Trying to pull images.example.org/x:1...\nError: initializing source docker://images.example.org/x:1: pinging container registry images.example.org: Get "https://images.example.org/v2/": dial tcp 192.0.2.1:443: i/o timeout',
    { kind: 'registry', host: 'images.example.org' },
  ],
  [
    'docker',
    'docker: Error response from daemon: Get "https://images.example.org/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
    { kind: 'registry', host: 'images.example.org' },
  ],
  [
    'git',
    "fatal: unable to access 'https://git.example.org/x.git/': Could not resolve host: git.example.org",
    { kind: 'repository', host: 'git.example.org' },
  ],
])('%s cannot reach its server', (_, log, expected) => {
  expect(findNetworkFailure(log)).toMatchObject(expected);
});

test.each([
  'ERROR: Could not find a version that satisfies the requirement flsk (from versions: 1.0, 2.0)\nERROR: No matching distribution found for flsk',
  'npm error code E404\nnpm error 404 Not Found - GET https://npm.example.org/nope',
  'requests.exceptions.ConnectionError: Failed to establish a new connection: Connection refused',
  `${'Could not resolve host: conda.example.org\n'}${'working\n'.repeat(200)}conda error`,
])('what is no matter of the network: %#', (log) => expect(findNetworkFailure(log)).toBeNull());
