# find_starter NAME: sets starter to mpirun or srun; auto takes what there is.
find_starter() {
  starter=$1
  if [ "$starter" = auto ]; then
    if command -v mpirun >/dev/null; then
      starter=mpirun
    elif [ -n "${SLURM_JOB_ID:-}" ] && command -v srun >/dev/null; then
      starter=srun
    else
      missing "mpirun: command not found on $(hostname)." \
        "Load a module that has an MPI (often 'openmpi', 'mpich' or 'intel'), or choose a conda environment with one."
    fi
  elif ! command -v "$starter" >/dev/null; then
    missing "$starter: command not found on $(hostname)." "Load a module that has it, or choose the other way to start."
  fi
}
# become_mpi PER_NODE COMMAND...: becomes the starter with its options, the array words; 0 is a process for each core.
become_mpi() {
  nodes=${SLURM_JOB_NUM_NODES:-${NHOSTS:-1}}
  cores=${SLURM_CPUS_PER_TASK:-$((${NSLOTS:-$nodes} / nodes))}
  per_node=$1
  shift
  [ "$per_node" -gt 0 ] || per_node=$cores
  [ "$per_node" -gt 0 ] || per_node=1
  echo "$((nodes * per_node)) processes on $nodes node(s), by $starter"

  if [ "$starter" = srun ]; then
    mpi=()
    # Where a site has no default, srun would start as many programs that know nothing of each other.
    if [ -z "${SLURM_MPI_TYPE:-}" ] && [[ " ${words[*]}" != *" --mpi"* ]] &&
      scontrol show config 2>/dev/null | grep -qE '^MpiDefault *= *(none|\(null\))'; then
      for type in pmix pmi2; do
        srun --mpi=list 2>&1 | grep -qw "$type" && mpi=("--mpi=$type") && break
      done
    fi
    # The job has one task a node with all its cores; its processes share them.
    exec srun "${mpi[@]}" --nodes="$nodes" --ntasks="$((nodes * per_node))" --ntasks-per-node="$per_node" \
      --cpus-per-task="$((cores / per_node > 0 ? cores / per_node : 1))" "${words[@]}" "$@"
  fi
  if [ -n "${SLURM_JOB_ID:-}" ]; then
    # mpirun gives each node as many processes as Slurm has tasks there, and Tunel asks for one task with many cores.
    export SLURM_TASKS_PER_NODE="$per_node(x$nodes)" SLURM_NTASKS=$((nodes * per_node)) SLURM_NPROCS=$((nodes * per_node))
    [ "$nodes" -gt 1 ] || SLURM_TASKS_PER_NODE=$per_node
    unset SLURM_CPUS_PER_TASK SLURM_NTASKS_PER_NODE
  fi
  exec mpirun -n "$((nodes * per_node))" "${words[@]}" "$@"
}
