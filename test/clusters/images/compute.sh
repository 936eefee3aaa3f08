# shellcheck shell=bash
# R with Shiny, and Open MPI with its Python binding.
FROM=trixie
PACKAGES=(r-base-core r-cran-shiny openmpi-bin python3-mpi4py)
