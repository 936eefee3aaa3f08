import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type ClusterInfo, onNode, runCommand } from '../../helpers/clusters.ts';

/** Dash, Streamlit, Bokeh, FastAPI with all they need, and pip, for the Python 3.11 of Debian bookworm. */
const packages = `
  altair==6.3.0 annotated_doc==0.0.5 annotated_types==0.8.0 anyio==4.15.1 attrs==26.1.0 blinker==1.9.0 bokeh==3.9.2
  certifi==2026.7.22 charset_normalizer==3.5.2 click==8.5.0 comm==0.2.3 contourpy==1.3.3 dash==4.4.1 fastapi==0.142.2
  flask==3.1.3 gunicorn==26.2.0 h11==0.16.0 httptools==0.8.0 idna==3.20 importlib_metadata==9.0.1 itsdangerous==2.2.0
  janus==2.0.0 jinja2==3.1.6 jsonschema==4.25.1 jsonschema_specifications==2025.9.1 markupsafe==3.0.3 narwhals==2.26.0
  nest_asyncio==1.6.0 numpy==2.4.6 opentelemetry_api==1.45.0 packaging==26.3 pandas==3.0.6 pillow==12.3.0 pip==26.2.1
  plotly==7.1.0 protobuf==7.36.2 pyarrow==25.0.1 pydantic==2.13.5 pydantic_core==2.46.5 pydeck==0.9.3
  python_dateutil==2.9.0.post0 python_multipart==0.0.32 pyyaml==6.0.3 referencing==0.37.0 requests==2.34.2
  retrying==1.4.2 rpds_py==2026.6.3 setuptools==84.0.0 six==1.17.0 starlette==1.7.0 streamlit==1.64.0 toml==0.10.2
  tornado==6.5.10 typing_extensions==4.16.0 typing_inspection==0.4.4 urllib3==2.8.0 uvicorn==0.54.0 watchdog==6.0.0
  websockets==16.1.1 werkzeug==3.1.9 xyzservices==2026.9.1 zipp==4.1.0
`
  .trim()
  .split(/\s+/);

/** Not installed beforehand, so that pip installs them from their wheels. */
const left = /^(dash|plotly|retrying|nest_asyncio|pip)-/;

const install = `set -eu
folder=$1
shift
cd "$folder"
python3 -m venv --without-pip venv
PIP_NO_INDEX=1 PIP_NO_COMPILE=1 PYTHONPATH=$(echo pip-*.whl) python3 -m pip --python venv/bin/python install --quiet --no-deps "$@"
: >complete`;

/**
 * On a node of slurm22: the wheels, and as a cluster may offer it a virtual environment that has most of them. @returns
 * lines for a cluster's environment: its Python, and pip (used from its wheel) that finds the wheels and nothing else.
 */
export async function installWheels(info: ClusterInfo, node: string): Promise<string> {
  const hash = createHash('sha256').update(install).update(packages.join(' ')).digest('hex').slice(0, 12);
  const folder = await download(createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 12));
  const there = `/opt/python-wheels-${hash}`;
  if ((await onNode(info, node, ['test', '-e', `${there}/complete`], { check: false })).code !== 0) {
    const inside = `nsenter --target ${info.hosts[node]?.pid} --mount --pid --`;
    const copy = `set -o pipefail; tar -C "$1" -c . | ${inside} sh -c 'rm -rf "$1" && mkdir -p "$1" && exec tar -x -C "$1"' sh "$2"`;
    await runCommand('bash', ['-ec', copy, 'bash', folder, there]);
    const wheels = readdirSync(folder).filter((name) => !left.test(name));
    await onNode(info, node, ['sh', '-c', install, 'sh', there, ...wheels]);
  }
  const pip = readdirSync(folder).find((name) => name.startsWith('pip-'));
  return [
    `export PATH=${there}/venv/bin:$PATH`,
    `export PIP_NO_INDEX=1 PIP_FIND_LINKS=${there} PIP_NO_COMPILE=1 PYTHONPATH=${there}/${pip}`,
  ].join('\n');
}

/** As pip of this machine gets them, kept beside the clusters' images. */
async function download(hash: string): Promise<string> {
  const cache =
    process.env.TUNEL_CLUSTERS_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tunel-clusters');
  const folder = join(cache, `python-wheels-${hash}`);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const platforms = ['manylinux_2_28_x86_64', 'manylinux2014_x86_64', 'manylinux_2_17_x86_64', 'any'];
  const abis = ['cp311', 'abi3', 'none'];
  const target = [
    ...['--python-version', '3.11', '--implementation', 'cp'],
    ...abis.flatMap((abi) => ['--abi', abi]),
    ...platforms.flatMap((platform) => ['--platform', platform]),
  ];
  const options = ['--quiet', '--retries', '1', '--no-deps', '--only-binary=:all:', '--dest', partial];
  try {
    await runCommand('python3', ['-m', 'pip', 'download', ...options, ...target, ...packages]);
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}
