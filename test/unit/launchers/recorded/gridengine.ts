/** What Son of Grid Engine 8.1.9 printed on the test cluster, shortened. Under TZ=UTC. */

export const qstat = `<?xml version='1.0'?>
<job_info  xmlns:xsd="http://arc.liv.ac.uk/repos/darcs/sge/source/dist/util/resources/schemas/qstat/qstat.xsd">
  <queue_info>
    <job_list state="running">
      <JB_job_number>2</JB_job_number>
      <JAT_prio>0.27633</JAT_prio>
      <JB_name>tunel-abc123</JB_name>
      <JB_owner>ada</JB_owner>
      <state>r</state>
      <JAT_start_time>2026-11-22T09:13:06</JAT_start_time>
      <queue_name>all.q@e2</queue_name>
      <slots>2</slots>
      <full_job_name>tunel-abc123</full_job_name>
      <requested_pe name="smp">2</requested_pe>
      <granted_pe name="smp">2</granted_pe>
      <hard_request name="h_rt" resource_contribution="0.000000">600</hard_request>
      <hard_request name="h_vmem" resource_contribution="0.000000">512M</hard_request>
      <binding>NONE</binding>
    </job_list>
    <job_list state="running">
      <JB_job_number>15</JB_job_number>
      <JAT_prio>0.25000</JAT_prio>
      <JB_name>tunel-arr</JB_name>
      <JB_owner>ada</JB_owner>
      <state>r</state>
      <JAT_start_time>2026-11-22T09:13:08</JAT_start_time>
      <queue_name>all.q@e1</queue_name>
      <slots>1</slots>
      <tasks>1</tasks>
      <full_job_name>tunel-arr</full_job_name>
      <binding>NONE</binding>
    </job_list>
  </queue_info>
  <job_info>
    <job_list state="pending">
      <JB_job_number>7</JB_job_number>
      <JAT_prio>0.25001</JAT_prio>
      <JB_name>tunel-big</JB_name>
      <JB_owner>ada</JB_owner>
      <state>qw</state>
      <JB_submission_time>2026-11-22T09:13:06</JB_submission_time>
      <queue_name></queue_name>
      <slots>1</slots>
      <full_job_name>tunel-big</full_job_name>
      <hard_request name="h_vmem" resource_contribution="0.000000">100G</hard_request>
      <binding>NONE</binding>
    </job_list>
    <job_list state="pending">
      <JB_job_number>14</JB_job_number>
      <JAT_prio>0.25000</JAT_prio>
      <JB_name>tunel-e</JB_name>
      <JB_owner>ada</JB_owner>
      <state>Eqw</state>
      <JB_submission_time>2026-11-22T09:13:08</JB_submission_time>
      <queue_name></queue_name>
      <slots>1</slots>
      <full_job_name>tunel-e</full_job_name>
      <binding>NONE</binding>
    </job_list>
    <job_list state="pending">
      <JB_job_number>13</JB_job_number>
      <JAT_prio>0.00000</JAT_prio>
      <JB_name>tunel-h</JB_name>
      <JB_owner>ada</JB_owner>
      <state>hqw</state>
      <JB_submission_time>2026-11-22T09:13:07</JB_submission_time>
      <queue_name></queue_name>
      <slots>1</slots>
      <full_job_name>tunel-h</full_job_name>
      <binding>NONE</binding>
    </job_list>
    <job_list state="pending">
      <JB_job_number>15</JB_job_number>
      <JAT_prio>0.00000</JAT_prio>
      <JB_name>tunel-arr</JB_name>
      <JB_owner>ada</JB_owner>
      <state>qw</state>
      <JB_submission_time>2026-11-22T09:13:08</JB_submission_time>
      <queue_name></queue_name>
      <slots>1</slots>
      <tasks>3-5:1</tasks>
      <full_job_name>tunel-arr</full_job_name>
      <binding>NONE</binding>
    </job_list>
  </job_info>
</job_info>`;

/** `qstat -j`, the lines that are kept. */
export const details = `job_number:                 7
scheduling info:            (-l h_vmem=100G) cannot run in queue "all.q" because of cluster queue
                            (-l h_vmem=100G) cannot run in queue "short.q" because of cluster queue
job_number:                 14
error reason          1:      11/22/2026 09:13:08 [1001:295]: error: can't chdir to /nonexistent: No such file or directory
scheduling info:            Job is in error state`;

export const reasons = {
  memoryFree: [
    '(-l mem_free=100G) cannot run at host "e1" because it offers only hl:mem_free=19.501G',
    '(-l mem_free=100G) cannot run at host "e2" because it offers only hl:mem_free=19.488G',
  ],
  slots: ['cannot run in PE "smp" because it only offers 0 slots'],
  limit: [
    'queue instance "all.q@e2" dropped because it is full',
    '(-l h_rt=356400) cannot run in queue "all.q" because of cluster queue',
    '(-l h_rt=356400) cannot run in queue "short.q" because of cluster queue',
  ],
  full: [
    'queue instance "all.q@e2" dropped because it is full',
    'queue instance "all.q@e1" dropped because it is full',
    '(-l h_rt=3600) cannot run in queue "short.q" because of cluster queue',
  ],
  poke: [
    'Job 36 (-l mem_free=100G) cannot run at host "e1" because it offers only hl:mem_free=19.401G',
    'verification: no suitable queues',
  ],
};

/** Lines of the accounting file: a signal, an exit code, a time limit, a qdel, a memory limit, an array's task 2. */
export const accounting = `all.q:e1:ada:ada:t-segv:18:sge:0:1795338820:1795338820:1795338820:100:139:0:0.002481:0.007445:4904.000000:0:0:0:0:200:0:0:0.000000:301:0:0:0:197:7:NONE:defaultdepartment:NONE:1:0:0.009926:0.000000:0.000000:NONE:0.000000:NONE:0.000000:0:0
all.q:e2:ada:ada:t-e3:17:sge:0:1795338820:1795338820:1795338820:0:3:0:0.002770:0.005487:4800.000000:0:0:0:0:197:0:0:0.000000:8:0:0:0:8:9:NONE:defaultdepartment:NONE:1:0:0.008257:0.000000:0.000000:NONE:0.000000:NONE:0.000000:0:0
all.q:e2:ada:ada:t-rt:22:sge:0:1795338822:1795338822:1795338828:37:137:6:0.002922:0.005814:4876.000000:0:0:0:0:208:0:0:0.000000:8:0:0:0:6:5:NONE:defaultdepartment:NONE:1:0:0.008736:0.000000:0.000017:-l h_rt=5:0.000000:NONE:4198400.000000:0:0
all.q:e2:ada:ada:t-set:23:sge:0:1795338822:1795338823:1795338829:100:137:6:0.000000:0.009249:4844.000000:0:0:0:0:212:0:0:0.000000:8:0:0:0:6:3:NONE:defaultdepartment:NONE:1:0:0.009249:0.000000:0.000024:NONE:0.000000:NONE:6062080.000000:0:0
all.q:e2:ada:ada:t-hog:38:sge:0:1795339777:1795339778:1795339779:37:137:1:0.000000:0.009751:4816.000000:0:0:0:0:258:0:0:0.000000:8:0:0:0:9:3:NONE:defaultdepartment:NONE:1:0:0.440000:0.014347:0.000056:-l h_vmem=250M:0.000000:NONE:513949696.000000:0:0`;

/** `qacct -j 38` under TZ=UTC. */
export const qacct = `==============================================================
qname        all.q               
hostname     e2                  
group        ada                 
owner        ada                 
project      NONE                
department   defaultdepartment   
jobname      t-hog               
jobnumber    38                  
taskid       undefined
account      sge                 
priority     0                   
qsub_time    Sun Nov 22 09:29:37 2026
start_time   Sun Nov 22 09:29:38 2026
end_time     Sun Nov 22 09:29:39 2026
granted_pe   NONE                
slots        1                   
failed       37  : qmaster enforced h_rt, h_cpu, or h_vmem limit
exit_status  137                  (Killed)
ru_wallclock 1s
maxvmem      490.141MB
arid         undefined
ar_sub_time  undefined
category     -l h_vmem=250M`;

export const queues = `qname                 all.q
hostlist              @allhosts
pe_list               smp
slots                 4
h_rt                  8:00:00
h_vmem                4000M
qname                 short.q
hostlist              @allhosts
pe_list               smp mpi,[@fast=smp orte]
slots                 4,[e1=2]
h_rt                  0:10:00
h_vmem                INFINITY`;

export const hosts = `HOSTNAME                ARCH         NCPU NSOC NCOR NTHR  LOAD  MEMTOT  MEMUSE  SWAPTO  SWAPUS
----------------------------------------------------------------------------------------------
global                  -               -    -    -    -     -       -       -       -       -
e1                      lx-amd64        2    1    2    2 25.76   23.5G    3.7G     0.0     0.0
   short.q              BIP   0/0/4         
   all.q                BIP   0/1/4         
e2                      lx-amd64        2    1    2    2 25.76   23.5G    3.7G     0.0     0.0
    Host Resource(s):      hc:gpu=2.000000
   short.q              BIP   0/0/4         d
   all.q                BIP   0/0/4         `;

export const complexes = `#name               shortcut   type      relop requestable consumable default  urgency 
#--------------------------------------------------------------------------------------
h_rt                h_rt       TIME      <=    YES         NO         0:0:0    0
h_vmem              h_vmem     MEMORY    <=    YES         NO         0        0
mem_free            mf         MEMORY    <=    YES         NO         0        0
load_avg            la         DOUBLE    >=    NO          NO         0        0
slots               s          INT       <=    YES         YES        1        1000
gpu                 gpu        INT       <=    YES         YES        0        0
# >#< starts a comment but comments are not saved across edits --------`;

export const environments = `pe_name            smp
slots              99
user_lists         NONE
allocation_rule    $pe_slots
control_slaves     FALSE
job_is_first_task  TRUE
pe_name            open
slots              99
user_lists         NONE
allocation_rule    $pe_slots
control_slaves     TRUE
job_is_first_task  FALSE
pe_name            mpi2
slots              99
user_lists         NONE
allocation_rule    2
control_slaves     TRUE
job_is_first_task  FALSE`;

export const refusals = {
  queue: 'Unable to run job: Job was rejected because job requests unknown queue "nope"\nExiting.',
  project: 'Unable to run job: job rejected: the requested project "nope" does not exist\nExiting.',
  environment: 'Unable to run job: job rejected: the requested parallel environment "nope" does not exist\nExiting.',
  resource: 'Unable to run job: unknown resource "nope"\nExiting.',
  verified: 'Unable to run job: error: no suitable queues\nExiting.',
  away: `error: commlib error: got select error (Connection refused)
error: unable to send message to qmaster using port 6999 on host "sgelogin": got send error`,
};
