/**
 * Makes a conda environment with whichever of its programs the node has; `make_env` and the rest are of
 * `environment-script.ts`. The user's own settings of conda (channels, package folders, hooks) do not count.
 */
export const condaScript = (file: string): string => `find_conda() {
  for conda in micromamba mamba conda "\${MAMBA_EXE-}" "\${CONDA_EXE-}"; do
    [ -z "$conda" ] || ! conda=$(command -v "$conda" 2>/dev/null) || return 0
  done
  return 1
}
find_conda || fail 127 "${file} needs micromamba, mamba or conda, and $TUNEL_NODE has none of them: load a module that has one in the environment lines of the cluster, or write a requirements.txt"
CONDARC=$folder/condarc
CONDA_PKGS_DIRS=$folder/conda-packages
MAMBA_ROOT_PREFIX=$folder/conda-root
export CONDARC CONDA_PKGS_DIRS MAMBA_ROOT_PREFIX
make_env() {
  [ -f "$CONDARC" ] || : >"$CONDARC"
  case $conda in
    *micromamba) shown "$conda" create -y -p "$1" -f ${file} || not_installed micromamba ;;
    *) shown "$conda" env create -p "$1" -f ${file} || not_installed conda ;;
  esac
}
key=$(key_of "$conda" --version)
prepare_env
CONDA_PREFIX=$env
PATH=$env/bin:$PATH
export CONDA_PREFIX PATH
`;
