# shellcheck shell=bash
# Container images for tests, as no registry is in reach: tunel-python and tunel-jupyter, each as .sif and as .tar.
MAKE=containers/make-images.sh
NEEDS=(container-python jupyter trixie apptainer)
