type Arity = 'value' | 'flag' | 'optional';

const withValue = `account acctg-freq array batch bb bbf begin chdir cluster-constraint clusters comment constraint container
container-id core-spec cores-per-socket cpu-freq cpus-per-gpu cpus-per-task deadline delay-boot dependency distribution error
exclude export export-file extra extra-node-info gid gpu-bind gpu-freq gpus gpus-per-node gpus-per-socket gpus-per-task gres
gres-flags hint input job-name kill-on-invalid-dep licenses mail-type mail-user mcs-label mem mem-bind mem-per-cpu mem-per-gpu
mincpus network nodefile nodelist nodes ntasks ntasks-per-core ntasks-per-gpu ntasks-per-node ntasks-per-socket
oom-kill-step open-mode output partition power prefer priority profile qos reservation segment signal sockets-per-node switches
thread-spec threads-per-core time time-min tmp tres-bind tres-per-task uid wait-all-nodes wckey wrap`;
const flags = `contiguous help hold ignore-pbs no-requeue overcommit oversubscribe parsable quiet reboot requeue spread-job
stepmgr test-only usage use-min-nodes verbose version wait`;
/** Their value follows `=` only. */
const withOptionalValue = 'exclusive get-user-env nice no-kill propagate resv-ports';

/** The long options of sbatch(1). */
export const slurmNames: ReadonlyMap<string, Arity> = new Map(
  (
    [
      ['value', withValue],
      ['flag', flags],
      ['optional', withOptionalValue],
    ] as const
  ).flatMap(([arity, names]) => names.split(/\s+/).map((name) => [name, arity] as const)),
);

/** A letter and its long option. */
export const slurmLetters: ReadonlyMap<string, string> = new Map(
  Object.entries({
    A: 'account',
    a: 'array',
    B: 'extra-node-info',
    b: 'begin',
    C: 'constraint',
    c: 'cpus-per-task',
    D: 'chdir',
    d: 'dependency',
    e: 'error',
    F: 'nodefile',
    G: 'gpus',
    H: 'hold',
    i: 'input',
    J: 'job-name',
    k: 'no-kill',
    L: 'licenses',
    M: 'clusters',
    m: 'distribution',
    N: 'nodes',
    n: 'ntasks',
    O: 'overcommit',
    o: 'output',
    p: 'partition',
    Q: 'quiet',
    q: 'qos',
    S: 'core-spec',
    s: 'oversubscribe',
    t: 'time',
    V: 'version',
    v: 'verbose',
    W: 'wait',
    w: 'nodelist',
    x: 'exclude',
  }),
);

export const slurmHelp: Readonly<Record<string, string>> = {
  account: 'Account that is charged',
  array: 'Tasks, e.g. 0-99%10',
  begin: 'Not before this time',
  constraint: 'Features the nodes must have',
  'cpus-per-task': 'Cores',
  deadline: 'Remove it if it cannot end by then',
  dependency: 'Wait for other jobs, e.g. afterok:1234',
  exclude: 'Nodes not to use',
  exclusive: 'No other job on its nodes',
  gpus: 'GPUs of the whole job',
  'gpus-per-node': 'GPUs on each node',
  gres: 'Generic resources, e.g. gpu:a100:1',
  hold: 'Submit it on hold',
  licenses: 'Licences it needs',
  'mail-type': 'When to send mail, e.g. END,FAIL',
  'mail-user': 'Where to send mail',
  mem: 'Memory of a node, e.g. 8G',
  'mem-per-cpu': 'Memory for each core',
  nodelist: 'Nodes to use',
  nodes: 'How many nodes',
  partition: 'Queue',
  qos: 'Quality of service',
  reservation: 'Nodes reserved under this name',
  time: 'Longest run time, e.g. 01:30:00',
  tmp: 'Temporary disk of a node',
};
