import { expect, test } from 'vitest';
import { readModules } from '../../../electron/core/clusters/modules.ts';
import { readHtmlForms } from '../../../electron/core/html-form.ts';
import { missingCommand } from '../../../electron/core/instances/job-errors.ts';
import type { Submission } from '../../../electron/core/launchers/common/launcher.ts';
import { readAccounting } from '../../../electron/core/launchers/gridengine/ends.ts';
import { submitError as gridEngineError } from '../../../electron/core/launchers/gridengine/errors.ts';
import { readDetails } from '../../../electron/core/launchers/gridengine/parse.ts';
import { readWaitingReason } from '../../../electron/core/launchers/gridengine/reasons.ts';
import { readQueueConfigs } from '../../../electron/core/launchers/gridengine/site.ts';
import { elements, textOf } from '../../../electron/core/launchers/gridengine/xml.ts';
import { readAds } from '../../../electron/core/launchers/htcondor/parse.ts';
import { neverMatches } from '../../../electron/core/launchers/htcondor/reasons.ts';
import { readOptions } from '../../../electron/core/launchers/htcondor/submit-file.ts';
import { submitError as lsfError } from '../../../electron/core/launchers/lsf/errors.ts';
import { readJobs, readQueues } from '../../../electron/core/launchers/lsf/parse.ts';
import { submitError as pbsError } from '../../../electron/core/launchers/pbs/errors.ts';
import { submitError as slurmError } from '../../../electron/core/launchers/slurm/errors.ts';
import { readController } from '../../../electron/core/launchers/slurm/parse.ts';
import { heldBy, readPendingReason } from '../../../electron/core/launchers/slurm/reasons.ts';
import { notesOf } from '../../../electron/core/recipes/legacy/notes-policy.ts';
import { lintText } from '../../../electron/core/recipes/lint/text-rules.ts';
import { findOptions } from '../../../electron/core/ssh/auth/prompt-policy.ts';
import { parseLine } from '../../../electron/core/ssh/config/ssh-config-policy.ts';
import { resourcesSchema } from '../../../electron/shared/instances.ts';

/** A megabyte of it: what takes the square of its length would take hours. */
const much = (part: string): string => part.repeat(Math.ceil(1_000_000 / part.length));
const gap = much(' ');
const submission = { resources: resourcesSchema.parse({}), directory: '/home/ada/.tunel/a' } as Submission;
const known = { queues: [], accounts: [], qos: [], projects: [] };

test.each<[string, () => unknown]>([
  ['modules', () => readModules(`@@modules\n${much('<>')})`)],
  ['input fields', () => readHtmlForms(much('<input "'))],
  ['forms', () => readHtmlForms(much('<form>'))],
  ['elements in each other', () => readHtmlForms(much('<div><b>'))],
  ['comments and references', () => [readHtmlForms(much('<!--')), readHtmlForms(much('&')), readHtmlForms(much('<'))]],
  ['an attribute', () => readHtmlForms(`<input ${gap}name${gap}`)],
  ['attributes', () => readHtmlForms(`<input ${Array.from({ length: 200_000 }, (_, n) => `a${n}`).join(' ')}>`)],
  ['a command that is missing', () => missingCommand(`${much(': 1')}${much(': 1: a')}`)],
  ['a missing command in a long line', () => missingCommand(much('a: b: '))],
  ['accounting of Grid Engine', () => readAccounting(`${'='.repeat(20)}\na ${gap}b${gap}\rc`)],
  ['why Grid Engine refuses', () => gridEngineError(much('only 1 '), submission, known)],
  ['details of Grid Engine', () => readDetails(`a:${gap}\rb\n${much('a:')}`)],
  ['why Grid Engine waits', () => readWaitingReason([much('cannot run in PE '), `queue instance "${much('a')}`])],
  ['queues of Grid Engine', () => readQueueConfigs(`qname ${gap}\rb\npe_list ${much('[')}`)],
  [
    'XML',
    () => [elements(much('<job_list>'), 'job_list'), elements(much('<q '), 'q'), textOf(much('<q name="'), 'q', 'x')],
  ],
  ['the analysis of HTCondor', () => neverMatches(`Of 1 machines ${much('0')}`)],
  ['ads of HTCondor', () => readAds(much('\n'))],
  ['an option of HTCondor', () => readOptions([`a = ${gap}b${gap}c`])],
  ['why LSF refuses', () => lsfError(much('queue'), submission, [])],
  ['jobs of LSF', () => readJobs(`1|0|PEND|q|h|||||||${much('limit')}${much('queue')}`, 0)],
  ['queues of LSF', () => readQueues(`QUEUE: a\nRUNLIMIT${much('\n')}${much('MAXIMUM LIMITS:')}`, '')],
  ['why PBS refuses', () => pbsError(much('account'), submission, [])],
  ['why Slurm refuses', () => slurmError(much('QOS'), submission, known)],
  ['jobs of Slurm', () => readController(`JobId=1 JobState=PENDING Reason=${much('a')}${much(' JobId')}`)],
  ['why Slurm waits', () => [readPendingReason('', `QOS${much('Max')}`), heldBy('', much('requeued'))]],
  ['linting', () => lintText('a', `curl /tmp/${much('a')}$\n${much('{{args.0|')}`)],
  ['notes', () => notesOf(`A: ${gap}b${gap}c\n${much('user is ')}`)],
  ['the menu of a sign-in', () => findOptions(`1. a${gap}b${gap}c`)],
  ['a line of ssh_config', () => parseLine(`a ${gap}b${gap}c`)],
])('long words are read in time: %s', { timeout: 120_000 }, (_, read) => {
  expect(() => read()).not.toThrow();
});
