# A private cache: an image under a well-known name in /tmp could be anyone's.
SINGULARITY_CACHEDIR="${SINGULARITY_CACHEDIR:-{{ scriptdir }}/cache}"
mkdir -p "$SINGULARITY_CACHEDIR"
export SINGULARITY_CACHEDIR
