/**
 * Written from the examples of the manuals, not recorded: PBS Professional 2022.1 and OpenPBS 20 (qstat(1B), pbsnodes(8B), User's
 * Guide), Torque 6.1 (Administrator's Guide, qstat(1B)), IBM Spectrum LSF 10.1 (bjobs, bqueues, lshosts, lsid).
 */

export const openpbsJobs = `Job Id: 10.server
    Job_Name = tunelabc
    Job_Owner = ada@login
    job_state = R
    queue = workq
    server = server
    ctime = Sun Nov 22 09:13:00 2026
    exec_host = node1/0*4+node2/0*4
    exec_vnode = (node1:ncpus=4:mem=1048576kb)+(node2:ncpus=4:mem=104857
\t6kb)
    mtime = Sun Nov 22 09:13:06 2026
    qtime = Sun Nov 22 09:13:00 2026
    Resource_List.ncpus = 8
    Resource_List.select = 2:ncpus=4:mem=1gb
    Resource_List.walltime = 00:10:00
    stime = Sun Nov 22 09:13:06 2026
    substate = 42
    comment = Job run at Sun Nov 22 at 09:13 on (node1:ncpus=4:mem=1048576k
\tb)+(node2:ncpus=4:mem=1048576kb)

Job Id: 11.server
    job_state = Q
    queue = workq
    qtime = Sun Nov 22 09:13:00 2026
    comment = Not Running: Insufficient amount of resource: ncpus (R: 8 A: 0 T:
\t 16)
    estimated.start_time = Sun Nov 22 10:00:00 2026

Job Id: 12.server
    job_state = Q
    queue = workq
    comment = Can Never Run: Insufficient amount of resource: ncpus (R: 800 A: 16
\t T: 16)

Job Id: 13.server
    job_state = H
    Hold_Types = u

Job Id: 14.server
    job_state = H
    Hold_Types = s
    comment = job held, too many failed attempts to run

Job Id: 15.server
    job_state = F
    exec_host = node1/0
    stime = Sun Nov 22 09:13:06 2026
    Exit_status = 3
    substate = 93
    history_timestamp = 1795338820

Job Id: 16.server
    job_state = F
    Exit_status = -29
    substate = 93

Job Id: 17.server
    job_state = F
    Exit_status = 271
    substate = 91

Job Id: 18.server
    job_state = F
    Exit_status = 267
    substate = 93

Job Id: 19.server
    job_state = F
    Exit_status = -27
    substate = 93

Job Id: 20.server
    job_state = F
    substate = 91
    comment = Not Running: Insufficient amount of resource: ncpus and finished

Job Id: 21[].server
    job_state = B
    queue = workq
    array = True

Job Id: 21[1].server
    job_state = X
    Exit_status = 0

Job Id: 21[2].server
    job_state = R
    exec_host = node2/0
    stime = Sun Nov 22 09:13:06 2026

Job Id: 21[3].server
    job_state = Q
qstat: Unknown Job Id 99.server`;

export const torqueJobs = `Job Id: 30.server
    Job_Name = tunelabc
    job_state = C
    queue = batch
    exec_host = node1/0-3
    start_time = Sun Nov 22 09:13:06 2026
    exit_status = -11
    comp_time = Sun Nov 22 09:23:06 2026

Job Id: 31.server
    job_state = C
    exit_status = 271

Job Id: 32.server
    job_state = C
    exit_status = 0`;

export const pbsQueues = `Queue: workq
    queue_type = Execution
    total_jobs = 0
    resources_max.walltime = 24:00:00
    resources_max.ncpus = 8
    resources_default.walltime = 01:00:00
    enabled = True
    started = True

Queue: closed
    queue_type = Execution
    enabled = True
    started = False`;

export const pbsServer = `Server: server
    server_state = Active
    default_queue = workq
    pbs_version = 20.0.1`;

export const pbsNodes = `node1
     Mom = node1
     state = free
     pcpus = 16
     resources_available.mem = 16gb
     resources_available.ncpus = 16
     resources_available.ngpus = 2
     resources_assigned.ncpus = 0

node2
     state = free
     resources_available.mem = 8388608kb
     resources_available.ncpus = 8`;

export const torqueNodes = `node1
     state = free
     np = 12
     gpus = 1
     status = rectime=1795338820,opsys=linux,ncpus=12,physmem=16384000kb,loadave=0.00`;

/** `bjobs -o` with the fields that are asked for. `now` is 2026-11-22 09:20:00. */
export const lsfNow = 1_795_339_200;
export const lsfJobs = `10|0|RUN|normal|hosta|Nov 22 09:13|Nov 22 09:13|Nov 22 09:23 L|394 second(s)|10.0/hosta|-|-|-
11|0|PEND|normal|-|Nov 22 09:13|-|-|0 second(s)|-|-|-|Job requirements for reserving resource (mem) not satisfied: 2 hosts;
12|0|PSUSP|normal|-|Nov 22 09:13|-|-|0 second(s)|-|-|-|Job was suspended by the user while pending;
13|0|EXIT|normal|hosta|Nov 22 09:13|Nov 22 09:13|Nov 22 09:14 L|60 second(s)|-|3|-|-
14|0|EXIT|normal|hosta|Nov 22 09:13|Nov 22 09:13|Nov 22 09:14 L|60 second(s)|1.0/hosta|140|TERM_RUNLIMIT: job killed after reaching LSF run time limit|-
15|0|EXIT|normal|hosta|Nov 22 09:13|Nov 22 09:13|Nov 22 09:14 L|60 second(s)|-|137|TERM_MEMLIMIT: job killed after reaching LSF memory usage limit|-
16|0|EXIT|normal|hosta|Nov 22 09:13|Nov 22 09:13|Nov 22 09:14 L|60 second(s)|-|130|TERM_OWNER: job killed by owner|-
17|0|EXIT|normal|hosta|Nov 22 09:13|Nov 22 09:13|Nov 22 09:14 L|60 second(s)|-|139|-|-
18|0|DONE|normal|2*hosta|Dec 31 23:59|Dec 31 23:59|Jan 1 00:01 L|60 second(s)|-|-|-|-
19|1|DONE|normal|hosta|Nov 22 09:13|Nov 22 09:13|Nov 22 09:14 L|60 second(s)|-|-|-|-
19|2|RUN|normal|hosta|Nov 22 09:13|Nov 22 09:13|-|60 second(s)|-|-|-|-
Job <99> is not found`;

export const lsfQueues = `QUEUE: short
  -- For short jobs.

PARAMETERS/STATISTICS
PRIO NICE STATUS          MAX JL/U JL/P JL/H NJOBS  PEND   RUN SSUSP USUSP  RSV
 35   20  Open:Inact        -    -    -    -     0     0     0     0     0    0

MAXIMUM LIMITS:
 RUNLIMIT
 10.0 min of hosta

-------------------------------------------------------------------------------

QUEUE: normal
  -- For normal low priority jobs.  This is the default queue.

PARAMETERS/STATISTICS
PRIO NICE STATUS          MAX JL/U JL/P JL/H NJOBS  PEND   RUN SSUSP USUSP  RSV
 30   20  Open:Active       -    -    -    -     0     0     0     0     0    0
Interval for a host to accept two jobs is 0 seconds

DEFAULT LIMITS:
 RUNLIMIT
 60.0 min of hosta

MAXIMUM LIMITS:
 RUNLIMIT
 480.0 min of hosta

SCHEDULING PARAMETERS
           r15s   r1m  r15m   ut      pg    io   ls    it    tmp    swp    mem
 loadSched   -     -     -     -       -     -    -     -     -      -      -`;

export const lsfHosts = `HOST_NAME                       type       model  cpuf ncpus maxmem maxswp server RESOURCES
hosta                         X86_64 Intel_EM64T  60.0    16  62.7G     4G    Yes (mg)
hostb                         X86_64 Intel_EM64T  60.0     8  31.2G     4G    Yes ()`;

export const lsfId = `IBM Spectrum LSF Standard 10.1.0.12, Jul 08 2021
Copyright International Business Machines Corp. 1992, 2016.

My cluster name is cluster1
My master name is hosta`;

/** `qstat` of an OpenPBS whose server has job_history_enable unset, its default; PBSE_JOBHISTNOTSET of pbs_error.h. */
export const qstatWithoutHistory = `case "$1" in --version) echo 'pbs_version = 22.05.11'; exit 0 ;; esac
for word in "$@"; do
  case $word in -x) for id in "$@"; do case $id in [0-9]*) echo "qstat: PBS is not configured to maintain job history $id" >&2 ;; esac; done; exit 170 ;; esac
done
for id in "$@"; do case $id in 1235*) echo "qstat: Unknown Job Id $id" >&2 ;; esac; done
cat <<'END'
Job Id: 1234.pbs01
    Job_Name = tunel3f2a9c1b7d4
    Job_Owner = ada@login1.hpc.example.edu
    job_state = R
    queue = workq
    exec_host = n1/0
    stime = Sun Nov 29 10:00:00 2026
    Resource_List.walltime = 01:00:00

END
exit 153`;

/** Exported shell functions in Variable_List, as Lmod and Environment Modules leave them; the last one names a field. */
export const jobWithFunctions = `Job Id: 1234.pbs01
    Job_Name = tunel3f2a9c1b7d4
    Job_Owner = ada@login1.hpc.example.edu
    job_state = F
    queue = workq
    Resource_List.walltime = 01:00:00
    stime = Sun Nov 29 10:00:00 2026
    substate = 92
    Variable_List = PBS_O_HOME=/home/ada,PBS_O_LANG=C,
\tBASH_FUNC_module%%=() {  eval $($LMOD_CMD bash "$@")
},
\tBASH_FUNC_ml%%=() {  eval $($LMOD_DIR/ml_cmd "$@")
},
\tBASH_FUNC_look%%=() {  local a;
    job_state = R
qstat: nothing
Job Id: 99.pbs01
},PBS_O_QUEUE=workq
    comment = Job run at Sun Nov 29 at 10:00 on (n1:ncpus=1) and finished
    etime = Sun Nov 29 09:59:00 2026
    Exit_status = 0
    history_timestamp = 1764410400

Job Id: 1235.pbs01
    job_state = R
`;
