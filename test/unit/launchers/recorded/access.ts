/** Who may use what, as the schedulers print it. */

/** Slurm 24.11 of the test cluster, with restrictions and two partitions more. */
export const slurmPartitions = `PartitionName=cpu AllowGroups=ALL AllowAccounts=ALL AllowQos=ALL AllocNodes=ALL Default=YES QoS=N/A DefaultTime=00:10:00 RootOnly=NO MaxTime=08:00:00 State=UP MaxCPUsPerNode=UNLIMITED
PartitionName=debug AllowGroups=ALL AllowAccounts=ALL AllowQos=normal AllocNodes=ALL Default=NO QoS=N/A DefaultTime=00:01:00 RootOnly=NO MaxTime=00:05:00 State=UP MaxCPUsPerNode=2
PartitionName=drained AllowGroups=ALL AllowAccounts=ALL AllowQos=ALL AllocNodes=ALL Default=NO QoS=N/A RootOnly=NO MaxTime=UNLIMITED State=DRAIN MaxCPUsPerNode=UNLIMITED
PartitionName=gpu AllowGroups=ALL AllowAccounts=chem AllowQos=ALL AllocNodes=ALL Default=NO QoS=N/A DefaultTime=00:10:00 RootOnly=NO MaxTime=02:00:00 State=UP MaxCPUsPerNode=UNLIMITED
PartitionName=staff AllowGroups=staff,admins AllowAccounts=ALL AllowQos=ALL AllocNodes=ALL Default=NO QoS=N/A RootOnly=NO MaxTime=UNLIMITED State=UP MaxCPUsPerNode=UNLIMITED`;

export const sinfo = `cpu|up|2|0/8/0/8|4|4000|(null)
debug|up|1|0/4/0/4|4|4000|(null)
drained|drain|1|0/4/0/4|4|4000|(null)
gpu|up|1|0/4/0/4|4|4000|gpu:a100:2(S:0)
staff|up|1|0/4/0/4|4|4000|(null)`;

/** `sacctmgr -nP show assoc user=ada format=account,partition,qos,defaultqos`. */
export const slurmAssociations = `lab||normal|
chem||high,normal|normal
debugging|debug|normal|`;

/** Son of Grid Engine 8.1.9: `qconf -su` of each list. */
export const gridEngineLists = `name    arusers
type    ACL
fshare  0
oticket 0
entries NONE
name    physics
type    ACL
fshare  0
oticket 0
entries ben,ada
name    labusers
type    ACL
fshare  0
oticket 0
entries @lab
name    biology
type    ACL
fshare  0
oticket 0
entries carl,dora,\\
        emil`;

export const gridEngineQueues = `qname                 all.q
user_lists            NONE
xuser_lists           NONE
projects              NONE
xprojects             NONE
h_rt                  INFINITY
h_vmem                INFINITY
qname                 bio.q
user_lists            biology
xuser_lists           NONE
projects              NONE
xprojects             NONE
qname                 lab.q
user_lists            biology labusers
xuser_lists           NONE
projects              p1
xprojects             NONE
qname                 nophysics.q
user_lists            NONE
xuser_lists           physics
projects              NONE
xprojects             NONE`;

/** `qconf -sprj` of each. */
export const gridEngineProjects = `name p1
oticket 0
fshare 0
acl physics
xacl NONE
name p2
oticket 0
fshare 0
acl biology
xacl NONE`;

/** `qstat -Q -f`; attributes as pbs_queue_attributes(7B) names them. */
export const pbsQueues = `Queue: workq
    queue_type = Execution
    enabled = True
    started = True

Queue: ben
    queue_type = Execution
    acl_user_enable = True
    acl_users = ben
    enabled = True
    started = True

Queue: ada
    queue_type = Execution
    acl_user_enable = True
    acl_users = -ben,+ada@*.example.org
    enabled = True
    started = True

Queue: biology
    queue_type = Execution
    acl_group_enable = True
    acl_groups = biology,chemistry
    enabled = True
    started = True

Queue: either
    queue_type = Execution
    acl_user_enable = True
    acl_users = ben
    acl_group_enable = True
    acl_groups = lab
    acl_logic_or = True
    enabled = True
    started = True

Queue: behind
    queue_type = Execution
    from_route_only = True
    enabled = True
    started = True

Queue: off
    queue_type = Execution
    enabled = False
    started = True`;

/** `bqueues -w -u USER`: the queues that accept this user's jobs. */
export const lsfOpen = `QUEUE_NAME      PRIO STATUS          MAX JL/U JL/P JL/H NJOBS  PEND   RUN  SUSP  RSV PJOBS
normal           30  Open:Active       -    -    -    -     0     0     0     0     0     0`;
