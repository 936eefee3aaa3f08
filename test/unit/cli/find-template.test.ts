import { expect, test } from 'vitest';
import { findTemplate, findWholeTemplate } from '../../../cli/find-template.ts';
import { type JobTemplate, jobTemplateContentSchema } from '../../../electron/shared/job-templates.ts';

const content = jobTemplateContentSchema.parse({ clusterId: 'hpc', launcher: 'slurm', script: 'fit\n' });
const template = (id: string, name: string): JobTemplate => ({ id, name, content, savedAt: 0 });
const templates = [
  template('aaaaaaaaaa', 'nightly fit'),
  template('bbbbbbbbbb', 'scan'),
  template('cccccccccc', 'scan 2'),
];

test('a template is found by a beginning of its name that fits one only', () => {
  expect(findTemplate(templates, 'night').id).toBe('aaaaaaaaaa');
  expect(findTemplate(templates, 'scan').id).toBe('bbbbbbbbbb');
  expect(() => findTemplate(templates, 's')).toThrow('There is no template');
});

test('one that is removed is found by its whole name or id', () => {
  expect(findWholeTemplate(templates, 'nightly fit').id).toBe('aaaaaaaaaa');
  expect(findWholeTemplate(templates, 'cccccccccc').id).toBe('cccccccccc');
  for (const part of ['night', 'aaaa', '', 'scan 3']) {
    expect(() => findWholeTemplate(templates, part), part).toThrow('There is no template');
  }
});
