/** What a program wanted from the network and did not get. */
export interface NetworkFailure {
  kind: 'package index' | 'registry' | 'repository';
  /** Whom it asked; empty: it did not say. */
  host: string;
  /** How to do without the network of that node. */
  hint: string;
}

const unreachable =
  /Temporary failure in name resolution|Name or service not known|nodename nor servname|(?:Could not|Couldn.t) resolve host|no such host|Network is unreachable|ENETUNREACH|EHOSTUNREACH|EAI_AGAIN|ENOTFOUND|ETIMEDOUT|ECONNREFUSED|Connection refused|connection refused|(?:Connect|Connection|Read|Operation|Request) timed out|timed out|i\/o timeout|context deadline exceeded|Client\.Timeout exceeded|No route to host|HTTP 000 CONNECTION FAILED|Failed to establish a new connection|Could not connect to server|Failed to connect to|Tunnel connection failed|cannot open URL|unable to access index for repository/;

const mirror = 'or name a proxy or a mirror of the site in the environment lines of the cluster';
const installThere = `Compute nodes often have no internet. Launch it once with the launcher “login”, which installs on the login node, ${mirror}`;

const programs: readonly (Pick<NetworkFailure, 'kind' | 'hint'> & { signs: RegExp })[] = [
  {
    kind: 'registry',
    signs:
      /(?:oci|docker|container) registry|docker:\/\/|oras:\/\/|library:\/\/|pinging |initializing source|making image from|\bpulling image|Error response from daemon|\/v2\//,
    hint: 'Compute nodes often have no internet. Pull the image on the login node into a .sif file and give its path as the image, or name a proxy in the environment lines of the cluster (http_proxy, https_proxy).',
  },
  {
    kind: 'package index',
    signs: /CondaHTTPError|CondaConnectionError|libmamba|\b(?:conda|mamba|micromamba)\b.*(?:error|fail)/i,
    hint: `${installThere} (CONDA_CHANNEL_ALIAS, https_proxy).`,
  },
  {
    kind: 'package index',
    signs: /^npm (?:ERR!|error)/m,
    hint: `${installThere} (npm_config_registry, https_proxy).`,
  },
  {
    kind: 'package index',
    signs: /unable to access index for repository|\brenv\b|install\.packages|src\/contrib/,
    hint: `${installThere} (https_proxy, or options(repos = ...) in ~/.Rprofile).`,
  },
  {
    kind: 'package index',
    signs:
      /^WARNING: Retrying \(|Could not find a version that satisfies|No matching distribution found|\bpip\b.*(?:error|fail)|Failed to fetch: .https?:.*\/simple\//im,
    hint: `${installThere} (PIP_INDEX_URL, https_proxy).`,
  },
  {
    kind: 'repository',
    signs: /^fatal: unable to (?:access|connect)|^fatal: .*Could not read from remote repository/m,
    hint: 'Compute nodes often have no internet. Fetch it on the login node, or name a proxy in the environment lines of the cluster (https_proxy).',
  },
];

/** Only the end of a log counts: what an app met hours ago is not why it ended. */
const LINES = 80;

/** What could not be reached, by the messages of pip, conda, npm, R, git and the container programs; null: nothing like it. */
export function findNetworkFailure(log: string): NetworkFailure | null {
  const text = log.split('\n').slice(-LINES).join('\n');
  const line = text.split('\n').findLast((each) => unreachable.test(each.slice(0, 4000)));
  if (line === undefined) return null;
  const program = programs.find(({ signs }) => signs.test(text));
  return program ? { kind: program.kind, hint: program.hint, host: hostIn(line) || hostIn(text) } : null;
}

const hostIn = (text: string): string =>
  /\bhost='([^']+)'|\bhttps?:\/\/([\w.-]+)|\blookup ([\w.-]+)|resolve host(?: name)?:? ['"]?([\w.-]+\.[\w-]+)|\b(?:ENOTFOUND|EAI_AGAIN) ([\w.-]+)/
    .exec(text)
    ?.slice(1)
    .find((host) => host !== undefined) ?? '';
