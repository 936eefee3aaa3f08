/** Words of a real HTCondor pool (23.9.6); directories are made alike, what is not wanted is left out. */

export const pool = `      1 4 4000 0 1 Unclaimed
      1 4 4000 0 4 Unclaimed`;

/** A pool with GPUs, with machines that are not split, and with one that serves its owner; by the manual. */
export const mixedPool = `     12 64 515000 4 10 Unclaimed
      3 8 16000 undefined 8 Claimed
      2 8 16000 undefined 8 Unclaimed
Warning: something a site says`;

/** `condor_q -json -attributes ...` */
export const queue = `[
{
  "ClusterId": 10,
  "AllowedJobDuration": 125,
  "EnteredCurrentStatus": 1795338757,
  "ExitBySignal": false,
  "ExitCode": 5,
  "HoldReason": "The job exceeded allowed job duration of 02:05",
  "HoldReasonCode": 46,
  "HoldReasonSubCode": 0,
  "Iwd": "/home/ada/.tunel/a",
  "JobCurrentStartDate": 1795338746,
  "JobCurrentStartExecutingDate": 1795338748,
  "JobStatus": 5,
  "LastRemoteHost": "slot1_1@w2.pool.test",
  "NumJobStarts": 1,
  "ProcId": 0,
  "QDate": 1795338746,
  "ServerTime": 1795338769,
  "VacateReason": "",
  "VacateReasonCode": 0
}
,
{
  "ClusterId": 11,
  "EnteredCurrentStatus": 1795338748,
  "ExitBySignal": false,
  "HoldReason": "Transfer input files failure at access point csub while sending files to execution point slot1_2@w2.pool.test. Details: reading from file /home/ada/hx/nonexist: (errno 2) No such file or directory",
  "HoldReasonCode": 13,
  "HoldReasonSubCode": 2,
  "Iwd": "/home/ada/.tunel/a",
  "JobCurrentStartDate": 1795338748,
  "JobStatus": 5,
  "LastRemoteHost": "slot1_2@w2.pool.test",
  "NumJobStarts": 0,
  "ProcId": 0,
  "QDate": 1795338746,
  "ServerTime": 1795338769
}
,
{
  "ClusterId": 13,
  "AllowedJobDuration": 720,
  "EnteredCurrentStatus": 1795338748,
  "ExitBySignal": false,
  "Iwd": "/home/ada/.tunel/a",
  "JobCurrentStartDate": 1795338748,
  "JobCurrentStartExecutingDate": 1795338749,
  "JobStatus": 2,
  "LastRejMatchReason": "no match found ",
  "NumJobStarts": 1,
  "ProcId": 0,
  "QDate": 1795338747,
  "RemoteHost": "slot1_2@w1.pool.test",
  "ServerTime": 1795338769,
  "TransferringInput": false
}
,
{
  "ClusterId": 14,
  "EnteredCurrentStatus": 1795338747,
  "ExitBySignal": false,
  "Iwd": "/home/ada/.tunel/a",
  "JobStatus": 1,
  "LastRejMatchReason": "no match found ",
  "NumJobStarts": 0,
  "ProcId": 0,
  "QDate": 1795338747,
  "ServerTime": 1795338769
}
,
{
  "ClusterId": 15,
  "EnteredCurrentStatus": 1795338747,
  "ExitBySignal": false,
  "HoldReason": "submitted on hold at user's request",
  "HoldReasonCode": 15,
  "Iwd": "/home/ada/.tunel/a",
  "JobStatus": 5,
  "NumJobStarts": 0,
  "ProcId": 0,
  "QDate": 1795338747,
  "ServerTime": 1795338769
}
,
{
  "ClusterId": 27,
  "EnteredCurrentStatus": 1795338919,
  "Iwd": "/home/ada/.tunel/a",
  "JobCurrentStartDate": 1795338914,
  "JobStatus": 1,
  "LastRemoteHost": "slot1_2@w1.pool.test",
  "NumJobStarts": 1,
  "ProcId": 0,
  "QDate": 1795338913,
  "VacateReason": "",
  "VacateReasonCode": 1005
}
,
{
  "ClusterId": 29,
  "EnteredCurrentStatus": 1795338920,
  "HoldReason": "via condor_hold (by user ada)",
  "HoldReasonCode": 1,
  "Iwd": "/home/ada/.tunel/a",
  "JobCurrentStartDate": 1795338914,
  "JobStatus": 5,
  "LastRemoteHost": "slot1_3@w1.pool.test",
  "NumJobStarts": 1,
  "ProcId": 0,
  "QDate": 1795338913,
  "VacateReason": "",
  "VacateReasonCode": 0
}
,
{
  "ClusterId": 59,
  "HoldReason": "Error from slot1_2@w2.pool.test: memory usage exceeded request_memory",
  "HoldReasonCode": 21,
  "HoldReasonSubCode": 102,
  "EnteredCurrentStatus": 1795340125,
  "Iwd": "/home/ada/.tunel/a",
  "JobCurrentStartDate": 1795340114,
  "JobStatus": 5,
  "LastRemoteHost": "slot1_2@w2.pool.test",
  "NumJobStarts": 1,
  "ProcId": 0,
  "QDate": 1795340113
}
]`;

/** `condor_history -json -attributes ...`; 31, 32 and 102 have the RemoveReason of other jobs of this pool. */
export const history = `[
{
  "ClusterId": 102,
  "EnteredCurrentStatus": 1795340543,
  "ExitBySignal": false,
  "ExitCode": 143,
  "Iwd": "/home/ada/.tunel/a",
  "JobCurrentStartDate": 1795340514,
  "JobCurrentStartExecutingDate": 1795340515,
  "JobStatus": 3,
  "LastRejMatchReason": "no match found ",
  "LastRemoteHost": "slot1_2@w1.pool.test",
  "NumJobStarts": 1,
  "Owner": "ada",
  "ProcId": 0,
  "QDate": 1795340513,
  "RemoveReason": "The job attribute PeriodicRemove expression '(JobStatus == 1 || JobStatus == 5) && NumJobStarts > 0' evaluated to TRUE",
  "VacateReason": "",
  "VacateReasonCode": 1005
}
,
{
  "ClusterId": 98,
  "EnteredCurrentStatus": 1795340543,
  "ExitBySignal": false,
  "HoldReason": null,
  "HoldReasonCode": null,
  "Iwd": "/home/ada/.tunel/a",
  "JobCurrentStartDate": 1795340533,
  "JobStatus": 3,
  "LastHoldReason": "Transfer input files failure at access point csub while sending files to execution point slot1_1@w2.pool.test. Details: reading from file /home/ada/.tunel/do7xgz5ao2/start.sh: (errno 2) No such file or directory",
  "LastHoldReasonCode": 13,
  "LastHoldReasonSubCode": 2,
  "LastRemoteHost": "slot1_1@w2.pool.test",
  "NumJobStarts": 0,
  "Owner": "ada",
  "ProcId": 0,
  "QDate": 1795340504,
  "RemoveReason": "via condor_rm (by user ada)"
}
,
{
  "AllowedJobDuration": 122,
  "ClusterId": 97,
  "CompletionDate": 1795340539,
  "EnteredCurrentStatus": 1795340538,
  "ExitBySignal": false,
  "ExitCode": 143,
  "HoldReason": null,
  "HoldReasonCode": null,
  "Iwd": "/home/ada/.tunel/a",
  "JobCurrentStartDate": 1795340533,
  "JobCurrentStartExecutingDate": 1795340534,
  "JobStatus": 4,
  "LastHoldReason": "submitted on hold at user's request",
  "LastHoldReasonCode": 15,
  "LastRemoteHost": "slot1_3@w1.pool.test",
  "NumJobStarts": 1,
  "Owner": "ada",
  "ProcId": 0,
  "QDate": 1795340503
}
,
{
  "ClusterId": 17,
  "CompletionDate": 1795338749,
  "EnteredCurrentStatus": 1795338749,
  "ExitBySignal": true,
  "ExitReason": "died on signal 11 (Segmentation fault)",
  "ExitSignal": 11,
  "Iwd": "/home/ada/.tunel/a",
  "JobCurrentStartDate": 1795338748,
  "JobCurrentStartExecutingDate": 1795338749,
  "JobStatus": 4,
  "LastRemoteHost": "slot1_3@w1.pool.test",
  "NumJobStarts": 1,
  "ProcId": 0,
  "QDate": 1795338747
}
,
{
  "ClusterId": 30,
  "CompletionDate": 1795338920,
  "EnteredCurrentStatus": 1795338920,
  "ExitBySignal": false,
  "ExitCode": 0,
  "Iwd": "/home/ada/.tunel/a",
  "JobCurrentStartDate": 1795338914,
  "JobCurrentStartExecutingDate": 1795338915,
  "JobStatus": 4,
  "LastRemoteHost": "slot1_2@w1.pool.test",
  "NumJobStarts": 1,
  "Owner": "ada",
  "ProcId": 0,
  "QDate": 1795338913
}
,
{
  "ClusterId": 31,
  "EnteredCurrentStatus": 1795340125,
  "Iwd": "/home/ada/.tunel/a",
  "JobCurrentStartDate": 1795340114,
  "JobStatus": 3,
  "LastHoldReason": "Error from slot1_2@w2.pool.test: memory usage exceeded request_memory",
  "LastHoldReasonCode": 21,
  "LastHoldReasonSubCode": 102,
  "LastRemoteHost": "slot1_2@w2.pool.test",
  "NumJobStarts": 1,
  "Owner": "ada",
  "ProcId": 0,
  "QDate": 1795340113,
  "RemoveReason": "The job attribute PeriodicRemove expression '(JobStatus == 1 || JobStatus == 5) && NumJobStarts > 0' evaluated to TRUE"
}
,
{
  "ClusterId": 32,
  "EnteredCurrentStatus": 1795340125,
  "Iwd": "/home/ada/.tunel/a",
  "JobStatus": 3,
  "NumJobStarts": 0,
  "Owner": "ada",
  "ProcId": 0,
  "QDate": 1795340113,
  "RemoveReason": "via condor_rm (by user root)"
}
]`;

/** The lines that are kept of `condor_q -better-analyze`. */
export const analyses = {
  memory: `    RequestDisk = DiskUsage (kb)
    RequestMemory = 999999 (mb)
[5]           0  TARGET.Memory >= RequestMemory
014.000:  Run analysis summary ignoring user priority.  Of 2 machines,
      2 are rejected by your job's requirements`,
  /** The machines are large enough, and full. */
  full: `    RequestDisk = DiskUsage (kb)
    RequestMemory = 3900 (mb)
[5]           0  TARGET.Memory >= RequestMemory
022.000:  Run analysis summary ignoring user priority.  Of 2 machines,
      0 are rejected by your job's requirements`,
  gpus: `    RequestDisk = DiskUsage (kb)
    RequestGPUs = 1
    RequestMemory = 512 (mb)
[7]           0  TARGET.GPUs >= RequestGPUs
023.000:  Run analysis summary ignoring user priority.  Of 2 machines,
      2 are rejected by your job's requirements`,
  own: `    RequestCpus = 64
    RequestDisk = DiskUsage (kb)
    RequestMemory = 512 (mb)
[0]           0  Machine == "nope"
[9]           0  TARGET.Cpus >= RequestCpus
024.000:  Run analysis summary ignoring user priority.  Of 2 machines,
      2 are rejected by your job's requirements`,
};

export const refusals = {
  away: `
ERROR: Can't find address of local schedd`,
  stopped: `Error: Can't find address for schedd nowhere.pool.test

Extra Info: You probably saw this error because the condor_schedd is not
running on the machine you are trying to query.`,
  executable: '\nERROR: Executable file /nope does not exist',
  option: `
ERROR: Parse error in expression:
	RequestMemory = $$(x
	`,
};
