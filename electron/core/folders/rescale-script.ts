import type { FolderStart } from '../../shared/folders.ts';

/** An app is served below this prefix where it was written for Rescale, which gives each cluster a short id. */
export const rescaleCluster = (id: string): string => id.replaceAll('-', '').slice(0, 20);

export const isForRescale = ({ kind, rescale }: Pick<FolderStart, 'kind' | 'rescale'>): boolean =>
  kind === 'rescale' || rescale === true;

/** What an app written for Rescale finds: its variables and, where its own launch.sh starts it, everything else. */
export function rescalePart(id: string, start: Pick<FolderStart, 'kind' | 'rescale'>): string {
  if (!isForRescale(start)) return '';
  return variablesPart(id) + (start.kind === 'rescale' ? `${homePart}${pythonPart}${portPart}` : '');
}

const variablesPart = (id: string): string => `RESCALE_CLUSTER_ID=${rescaleCluster(id)}
RESCALE_CORES_PER_NODE=$(nproc 2>/dev/null || echo 1)
RESCALE_CORES_PER_SLOT=$RESCALE_CORES_PER_NODE
RESCALE_NODES_PER_SLOT=1
RESCALE_PROVIDER=tunel
RESCALE_JOB_ID=$TUNEL_ID
export RESCALE_CLUSTER_ID RESCALE_CORES_PER_NODE RESCALE_CORES_PER_SLOT RESCALE_NODES_PER_SLOT RESCALE_PROVIDER RESCALE_JOB_ID
`;

/**
 * A home of the launch's own with a certificate. What launch.sh installs goes there as well: the settings of pip, conda, npm
 * and R that would send it into the user's own folders are those of this home, those of the site still count.
 */
const homePart = `kit=$TUNEL_DIR/files/rescale
TUNEL_USER_HOME=$HOME
HOME=$TUNEL_DIR/home
XDG_CONFIG_HOME=$HOME/.config
XDG_DATA_HOME=$HOME/.local/share
XDG_CACHE_HOME=$HOME/.cache
export HOME TUNEL_USER_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME
unset PIP_CONFIG_FILE PIP_TARGET PIP_PREFIX PIP_ROOT PYTHONHOME VIRTUAL_ENV CONDA_DEFAULT_ENV
PIP_USER=0
PYTHONUSERBASE=$HOME/.local
CONDARC=$HOME/.condarc
CONDA_PKGS_DIRS=$HOME/.conda/pkgs
CONDA_ENVS_PATH=$HOME/.conda/envs
CONDA_ENVS_DIRS=$CONDA_ENVS_PATH
MAMBA_ROOT_PREFIX=$HOME/.mamba
CONDA_PREFIX=$HOME/.conda/app
npm_config_prefix=$HOME/.npm-global
npm_config_userconfig=$HOME/.npmrc
GEM_HOME=$HOME/.gem
R_LIBS_USER=$HOME/R
R_LIBS=$R_LIBS_USER\${R_LIBS:+:$R_LIBS}
export PIP_USER PYTHONUSERBASE CONDARC CONDA_PKGS_DIRS CONDA_ENVS_PATH CONDA_ENVS_DIRS MAMBA_ROOT_PREFIX CONDA_PREFIX
export npm_config_prefix npm_config_userconfig GEM_HOME R_LIBS_USER R_LIBS
command -v openssl >/dev/null || fail 127 "openssl: command not found on $TUNEL_NODE"
( umask 077
  mkdir -p "$HOME/.certs" "$R_LIBS_USER" "$CONDA_PREFIX/conda-meta" && : >"$CONDA_PREFIX/conda-meta/history" &&
  openssl req -x509 -newkey rsa:2048 -nodes -days 400 -subj /CN=localhost -addext subjectAltName=DNS:localhost \\
    -keyout "$HOME/.certs/nb.key" -out "$HOME/.certs/nb.pem" 2>"$TUNEL_DIR/openssl.log"
) || fail 1 "no certificate was made: $(tail -n 1 "$TUNEL_DIR/openssl.log")"
`;

/** A Python of the launch's own, which sees the packages of the one on PATH: pip install changes only the former. */
const pythonPart = `if own_python=$(command -v python3) && "$own_python" -m venv --without-pip --system-site-packages "$HOME/python" 2>/dev/null; then
  "$own_python" -c 'import site, sys
if sys.prefix != sys.base_prefix: print(*site.getsitepackages(), sep="\\n")' \\
    >"$("$HOME/python/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/tunel-parent.pth"
  if "$HOME/python/bin/python" -m pip --version >/dev/null 2>&1; then
    for name in pip pip3; do
      printf '#!/bin/sh\\nexec "%s" -m pip "$@"\\n' "$HOME/python/bin/python" >"$HOME/python/bin/$name"
      chmod 755 "$HOME/python/bin/$name"
    done
  fi
  VIRTUAL_ENV=$HOME/python
  export VIRTUAL_ENV
fi
PATH=$kit/bin:$CONDA_PREFIX/bin:$HOME/python/bin:$HOME/.local/bin:$HOME/.npm-global/bin:$PATH
PYTHONPATH=$kit/python\${PYTHONPATH:+:$PYTHONPATH}
BASH_ENV=$kit/bash-env.sh
export PATH PYTHONPATH BASH_ENV
`;

/**
 * Port 8888 becomes one of this launch on the loopback (a program that is not Python keeps 8888). Its lines that end Jupyter
 * reach only what this launch started.
 */
const portPart = `hears_8888() { cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q ':22B8 [0-9A-F]*:0000 0A'; }
if hears_8888; then taken=1; else taken=; fi
look_for_8888() {
  if [ -n "$taken" ] || [ -f "$TUNEL_DIR/endpoint" ] || ! hears_8888; then return; fi
  printf '{"kind":"port","node":"%s","port":8888}\\n' "$TUNEL_NODE" >"$TUNEL_DIR/.endpoint.app" &&
    mv -f "$TUNEL_DIR/.endpoint.app" "$TUNEL_DIR/endpoint"
}
`;
