/** Words of real Slurm clusters (24.11.5 and 22.05.8), as they came, with SLURM_TIME_FORMAT=%s. */

export const sinfo = `cpu|up|1|0/4/0/4|4|4000|(null)
cpu|up|1|0/4/0/4|4|4000|gpu:fake:2
debug|up|1|0/4/0/4|4|4000|(null)
gpu|up|1|0/4/0/4|4|4000|gpu:fake:2`;

export const partitions = `PartitionName=cpu AllowGroups=ALL AllowAccounts=ALL AllowQos=ALL AllocNodes=ALL Default=YES QoS=N/A DefaultTime=00:10:00 DisableRootJobs=NO ExclusiveUser=NO ExclusiveTopo=NO GraceTime=0 Hidden=NO MaxNodes=UNLIMITED MaxTime=08:00:00 MinNodes=0 LLN=NO MaxCPUsPerNode=UNLIMITED MaxCPUsPerSocket=UNLIMITED Nodes=c[1-2] PriorityJobFactor=1 PriorityTier=1 RootOnly=NO ReqResv=NO OverSubscribe=NO OverTimeLimit=NONE PreemptMode=OFF State=UP TotalCPUs=8 TotalNodes=2 SelectTypeParameters=NONE JobDefaults=(null) DefMemPerNode=UNLIMITED MaxMemPerNode=UNLIMITED TRES=cpu=8,mem=8000M,node=2,billing=8,gres/gpu=2
PartitionName=debug AllowGroups=ALL AllowAccounts=ALL AllowQos=ALL AllocNodes=ALL Default=NO QoS=N/A DefaultTime=00:01:00 DisableRootJobs=NO ExclusiveUser=NO ExclusiveTopo=NO GraceTime=0 Hidden=NO MaxNodes=UNLIMITED MaxTime=00:05:00 MinNodes=0 LLN=NO MaxCPUsPerNode=2 MaxCPUsPerSocket=UNLIMITED Nodes=c1 PriorityJobFactor=10 PriorityTier=1 RootOnly=NO ReqResv=NO OverSubscribe=NO OverTimeLimit=NONE PreemptMode=OFF State=UP TotalCPUs=4 TotalNodes=1 SelectTypeParameters=NONE JobDefaults=(null) DefMemPerNode=UNLIMITED MaxMemPerNode=UNLIMITED TRES=cpu=4,mem=4000M,node=1,billing=4
PartitionName=gpu AllowGroups=ALL AllowAccounts=ALL AllowQos=ALL AllocNodes=ALL Default=NO QoS=N/A DefaultTime=00:10:00 DisableRootJobs=NO ExclusiveUser=NO ExclusiveTopo=NO GraceTime=0 Hidden=NO MaxNodes=UNLIMITED MaxTime=02:00:00 MinNodes=0 LLN=NO MaxCPUsPerNode=UNLIMITED MaxCPUsPerSocket=UNLIMITED Nodes=c2 PriorityJobFactor=1 PriorityTier=1 RootOnly=NO ReqResv=NO OverSubscribe=NO OverTimeLimit=NONE PreemptMode=OFF State=UP TotalCPUs=4 TotalNodes=1 SelectTypeParameters=NONE JobDefaults=(null) DefMemPerNode=UNLIMITED MaxMemPerNode=UNLIMITED TRES=cpu=4,mem=4000M,node=1,billing=4,gres/gpu=2`;

export const squeue = `13|PENDING|cpu|n/a|1795328592|N/A|N/A|Resources
10|RUNNING|cpu|c1|1795328592|1795328592|1795329192|None
14|PENDING|debug|n/a|1795328592|N/A|N/A|PartitionTimeLimit
6|PENDING|gpu|n/a|1795329736|1795330338|1795330938|Priority
15|COMPLETING|cpu|c1|1795328592|1795328592|1795328593|None`;

export const sacct = `8|FAILED|3:0|cpu|c1|1795328592|1795328592|1795328593|None
9|FAILED|0:9|cpu|c1|1795328592|1795328592|1795328593|None
10|CANCELLED by 1001|0:0|cpu|c1|1795328592|1795328592|1795328593|None
11|TIMEOUT|0:0|cpu|c1|1795328592|1795328592|1795328652|None
12|COMPLETED|0:0|cpu|c2|1795328592|1795328592|1795328593|None
13|PENDING|0:0|cpu|None assigned|1795328592|Unknown|Unknown|None
16|RUNNING|0:0|cpu|c1|1795328592|1795328592|Unknown|None`;

/** The same format with states that these clusters cannot be brought to; the words are those of sacct(1). */
export const sacctByManual = `21|OUT_OF_MEMORY|0:125|cpu|c1|1795328592|1795328592|1795328593|None
22|NODE_FAIL|0:0|cpu|c1|1795328592|1795328592|1795328593|NodeDown
23|PREEMPTED|0:0|cpu|c1|1795328592|1795328592|1795328593|None
24|CANCELLED by 0|0:0|cpu|None assigned|1795328592|1795328593|1795328593|None
25|BOOT_FAIL|0:0|cpu|c1|1795328592|1795328592|1795328593|None
26|DEADLINE|0:0|cpu|None assigned|1795328592|Unknown|1795328593|None`;

export const scontrolJob = `JobId=8 JobName=f UserId=ada(1001) GroupId=ada(1001) MCS_label=N/A Priority=1 Nice=0 Account=lab QOS=normal JobState=FAILED Reason=NonZeroExitCode Dependency=(null) Requeue=1 Restarts=0 BatchFlag=1 Reboot=0 ExitCode=3:0 RunTime=00:00:01 TimeLimit=00:10:00 TimeMin=N/A SubmitTime=1795328592 EligibleTime=1795328592 AccrueTime=1795328592 StartTime=1795328592 EndTime=1795328593 Deadline=N/A SuspendTime=None SecsPreSuspend=0 LastSchedEval=1795328592 Scheduler=Main Partition=cpu AllocNode:Sid=slogin:203 ReqNodeList=(null) ExcNodeList=(null) NodeList=c1 BatchHost=c1 NumNodes=1 NumCPUs=1 NumTasks=1 CPUs/Task=1`;

/** An array of twelve, three at a time; 19 is 22.05's, 125 is 24.11's. `2` ended with 3. */
export const squeueArray = `125_[6-12%3]|PENDING|cpu|n/a|1795339565|N/A|N/A|JobArrayTaskLimit
126|PENDING|cpu|n/a|1795339565|N/A|N/A|JobHeldUser
125_4|RUNNING|cpu|c1|1795339565|1795339569|1795339689|None
125_5|RUNNING|cpu|c1|1795339565|1795339569|1795339689|None
125_3|RUNNING|cpu|c2|1795339565|1795339566|1795339686|None`;

export const sacctArray = `126|PENDING|0:0|cpu|None assigned|1795339565|Unknown|Unknown|None
125_1|COMPLETED|0:0|cpu|c1|1795339565|1795339566|1795339566|None
125_2|FAILED|3:0|cpu|c1|1795339565|1795339566|1795339566|None
125_3|RUNNING|0:0|cpu|c1|1795339565|1795339566|Unknown|None
125_4|RUNNING|0:0|cpu|c1|1795339565|1795339569|Unknown|JobArrayTaskLimit
125_[6-12%3]|PENDING|0:0|cpu|None assigned|1795339565|Unknown|Unknown|JobArrayTaskLimit`;

/** The same after scancel. */
export const sacctArrayEnded = `19_1|COMPLETED|0:0|cpu|c1|1795339565|1795339565|1795339565|None
19_2|FAILED|3:0|cpu|c1|1795339565|1795339565|1795339565|None
19_3|CANCELLED by 1001|0:0|cpu|c1|1795339565|1795339565|1795339569|None
19_4|CANCELLED by 1001|0:0|cpu|c1|1795339565|1795339565|1795339569|JobArrayTaskLimit
19_[6-12%3]|CANCELLED by 1001|0:0|cpu|None assigned|1795339565|None|1795339569|JobArrayTaskLimit`;

export const scontrolArray = `JobId=19 ArrayJobId=19 ArrayTaskId=6-12%3 ArrayTaskThrottle=3 JobName=a.sh Priority=4294901742 JobState=PENDING Reason=JobArrayTaskLimit ExitCode=0:0 SubmitTime=1795339565 StartTime=Unknown EndTime=Unknown Partition=cpu NodeList= NumNodes=1
JobId=26 ArrayJobId=19 ArrayTaskId=5 ArrayTaskThrottle=3 JobName=a.sh JobState=RUNNING Reason=None ExitCode=0:0 SubmitTime=1795339565 StartTime=1795339565 EndTime=1795339685 Partition=cpu NodeList=c1 BatchHost=c1 NumNodes=1
JobId=23 ArrayJobId=19 ArrayTaskId=2 ArrayTaskThrottle=3 JobName=a.sh JobState=FAILED Reason=NonZeroExitCode ExitCode=3:0 SubmitTime=1795339565 StartTime=1795339565 EndTime=1795339565 Partition=cpu NodeList=c1 BatchHost=c1 NumNodes=1`;

/** sbatch --test-only, with SLURM_TIME_FORMAT=%s. */
export const testOnly = 'sbatch: Job 86 to start at 1795338774 using 1 processors on nodes c1 in partition cpu';

/** sbatch's refusals: what was asked, its words. */
export const refusals = {
  queue: `sbatch: error: invalid partition specified: nope
sbatch: error: Batch job submission failed: Invalid partition name specified`,
  account: 'sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified',
  memory: `sbatch: error: Memory specification can not be satisfied
sbatch: error: Batch job submission failed: Requested node configuration is not available`,
  cpus: `sbatch: error: CPU count per node can not be satisfied
sbatch: error: Batch job submission failed: Requested node configuration is not available`,
  controller: 'sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)',
};
