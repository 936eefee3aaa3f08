# shellcheck shell=bash
# What the container images of tests are made of: a small Debian with python3.
SUITE=trixie
PACKAGES=(python3 passwd)
