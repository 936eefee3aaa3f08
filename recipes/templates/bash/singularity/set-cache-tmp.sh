# A private cache: an image under a well-known name in /tmp could be anyone's.
SINGULARITY_CACHEDIR="${SINGULARITY_CACHEDIR:-${APPTAINER_CACHEDIR:-$HOME/.tunel/cache/singularity}}"
( umask 077; mkdir -p "$SINGULARITY_CACHEDIR" )
APPTAINER_CACHEDIR="${APPTAINER_CACHEDIR:-$SINGULARITY_CACHEDIR}"
export SINGULARITY_CACHEDIR APPTAINER_CACHEDIR
