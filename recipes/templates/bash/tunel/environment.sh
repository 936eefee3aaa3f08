{% if args.environment %}# A virtual or conda environment by its folder, else a conda environment by its name.
environment={{ tunel.quoted.environment }}
case $environment in "~/"*) environment=$HOME/${environment:2} ;; esac
if [ -d "$environment/conda-meta" ] && ! command -v conda >/dev/null; then
  PATH=$environment/bin:$PATH
  CONDA_PREFIX=$environment
  export PATH CONDA_PREFIX
elif [ -f "$environment/bin/activate" ] && [ ! -d "$environment/conda-meta" ]; then
  . "$environment/bin/activate"
elif command -v conda >/dev/null; then
  eval "$(conda shell.posix hook)"
  conda activate "$environment" || missing "conda has no environment $environment on $(hostname). See: conda env list"
else
  missing "There is no environment $environment on $(hostname): no folder with bin/activate, and no conda to ask." \
    "Name another, or load a module that has conda."
fi
{% endif %}
