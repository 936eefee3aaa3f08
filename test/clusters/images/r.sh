# shellcheck shell=bash
# R with Shiny.
FROM=trixie
PACKAGES=(r-base-core r-cran-shiny)
