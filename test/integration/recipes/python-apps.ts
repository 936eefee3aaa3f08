import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type ClusterInfo, onNode, runCommand } from '../../helpers/clusters.ts';

/** What Debian does not have, for the Python 3.11 of Debian bookworm; without what the examples leave unused (pandas, pyarrow). */
const packages = `
  absl_py==2.5.0 annotated_types==0.8.0 anyio==4.15.1 attrs==26.1.0 blinker==1.9.0 bokeh==3.9.2 certifi==2026.7.22
  charset_normalizer==3.5.2 click==8.5.0 comm==0.2.3 contourpy==1.3.3 dash==4.4.1 flask==3.1.3 grpcio==1.84.0
  gunicorn==26.2.0 h11==0.16.0 httptools==0.8.0 idna==3.20 importlib_metadata==9.0.1 itsdangerous==2.2.0 janus==2.0.0
  jinja2==3.1.6 markdown==3.11 markupsafe==3.0.3 narwhals==2.26.0 nest_asyncio==1.6.0 numpy==2.4.6 packaging==26.3
  pillow==12.3.0 plotly==7.1.0 protobuf==7.36.2 pydantic==2.13.5 pydantic_core==2.46.5 python_multipart==0.0.32
  pyyaml==6.0.3 requests==2.34.2 retrying==1.4.2 setuptools==84.0.0 six==1.17.0 starlette==1.7.0 streamlit==1.64.0
  tensorboard==2.21.0 toml==0.10.2 tornado==6.5.10 typing_extensions==4.16.0 typing_inspection==0.4.4 urllib3==2.8.0
  uvicorn==0.54.0 watchdog==6.0.0 websockets==16.1.1 werkzeug==3.1.9 xyzservices==2026.9.1 zipp==4.1.0
`
  .trim()
  .split(/\s+/);
const platforms = ['manylinux_2_28_x86_64', 'manylinux2014_x86_64', 'manylinux_2_17_x86_64', 'any'];

/** A virtual environment with Dash, Streamlit, Bokeh and TensorBoard on a node of slurm22; its folder there. */
export async function installPythonApps(info: ClusterInfo, node: string): Promise<string> {
  const hash = createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 12);
  const environment = `/opt/python-apps-${hash}`;
  const there = await onNode(info, node, ['test', '-e', `${environment}/complete`], { check: false });
  if (there.code === 0) return environment;
  const folder = await download(hash);
  await onNode(info, node, ['python3', '-m', 'venv', '--without-pip', environment]);
  const script = `
    tar -C "$1" -c . | nsenter --target "$2" --mount --pid -- tar -x -C "$3/lib/python3.11/site-packages"
    nsenter --target "$2" --mount --pid -- touch "$3/complete"`;
  await runCommand('bash', [
    '-ec',
    `set -o pipefail; ${script}`,
    'bash',
    folder,
    String(info.hosts[node]?.pid),
    environment,
  ]);
  return environment;
}

/** The packages as pip of this machine gets them, kept beside the clusters' images. */
async function download(hash: string): Promise<string> {
  const cache =
    process.env.TUNEL_CLUSTERS_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tunel-clusters');
  const folder = join(cache, `python-apps-${hash}`);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  mkdirSync(cache, { recursive: true });
  const options = [
    '--quiet',
    '--retries',
    '1',
    '--no-deps',
    '--no-compile',
    '--only-binary=:all:',
    '--target',
    partial,
  ];
  const target = [
    '--python-version',
    '3.11',
    '--implementation',
    'cp',
    '--abi',
    'cp311',
    '--abi',
    'abi3',
    '--abi',
    'none',
  ];
  try {
    const wanted = platforms.flatMap((platform) => ['--platform', platform]);
    await runCommand('python3', ['-m', 'pip', 'install', ...options, ...target, ...wanted, ...packages]);
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}

/** Programs that cannot be had, as others see them: `stand-ins/` beside this file, put on a node. Its folder there. */
export async function installStandIns(info: ClusterInfo, nodes: readonly string[]): Promise<string> {
  const folder = '/opt/stand-ins';
  for (const node of nodes) {
    await runCommand('bash', [
      '-ec',
      'set -o pipefail; tar -C "$1" -c . | nsenter --target "$2" --mount --pid -- sh -c \'mkdir -p "$1" && exec tar -x -C "$1"\' sh "$3"',
      'bash',
      join(import.meta.dirname, 'stand-ins'),
      String(info.hosts[node]?.pid),
      folder,
    ]);
  }
  return folder;
}
