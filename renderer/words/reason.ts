/** Slurm's pending reasons in words (slurm `squeue` manual, JOB REASON CODES). */
const reasons: [RegExp, string][] = [
  [/^Resources$/, 'The queue has no free place that fits now.'],
  [/^Priority$/, 'Other jobs in the queue come first.'],
  [/^Dependency/, 'It waits for another job to end.'],
  [/^BeginTime$/, 'Its begin time has not come yet.'],
  [/^(ReqNodeNotAvail|Nodes? ?(Down|not avail))/i, 'A node it needs is down, drained or reserved.'],
  [/^(Reservation|Reserved)/, 'It waits for its reservation to begin.'],
  [/^Licenses$/, 'It waits for a free licence.'],
  [/^(PartitionDown|PartitionInactive)$/, 'The queue is closed now.'],
  [/^PartitionTimeLimit$/, 'It asks for more time than the queue allows, so it never starts.'],
  [/^PartitionNodeLimit$/, 'It asks for more than a node of the queue has, so it never starts.'],
  [/^(QOS|Assoc).*(Limit|Max)/, 'You or your group use all that your account allows now.'],
  [/^(AssociationJobLimit|AssocMax|QOSMax)/, 'You or your group use all that your account allows now.'],
  [/^JobHeld/, 'The job is held; the scheduler starts it only after a release.'],
  [/^(launch failed requeued held|JobLaunchFailure)/i, 'A node failed to start it; the scheduler holds it.'],
  [/^BadConstraints$/, 'No node fits what it asks for, so it never starts.'],
  [/^InvalidAccount$/, 'The scheduler does not know the account.'],
  [/^None$/, 'The scheduler has not looked at it yet.'],
];

/** Our words first; the scheduler's own follow separately. Empty when there is no reason to tell. */
export function waitingReason(reason: string): { ours: string; given: string } {
  const given = reason.trim().replace(/^\((.*)\)$/, '$1');
  if (given === '') return { ours: '', given: '' };
  const known = reasons.find(([pattern]) => pattern.test(given));
  return { ours: known ? known[1] : '', given };
}
