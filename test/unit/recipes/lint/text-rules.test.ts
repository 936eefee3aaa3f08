import { expect, test } from 'vitest';
import { lintText } from '../../../../electron/core/recipes/lint/text-rules.ts';

const rulesOf = (line: string): string[] => lintText('run.sh', line).map(({ rule }) => rule);

test.each([
  ['jupyter lab --ip=0.0.0.0', 'all-interfaces'],
  ['jupyter lab --ip="*"', 'all-interfaces'],
  ['gunicorn -b 0.0.0.0:8000 app:app', 'all-interfaces'],
  ['gunicorn --bind [::]:8000 app:app', 'all-interfaces'],
  ['streamlit run a.py --server.address 0.0.0.0', 'all-interfaces'],
  ['rserver --www-address=0.0.0.0', 'all-interfaces'],
  ['singularity pull /tmp/image.sif docker://x', 'temporary-name'],
  ['log=/var/tmp/my.log', 'temporary-name'],
  ['cat >/tmp/out', 'temporary-name'],
  ['jupyter lab --NotebookApp.token=abc', 'secret-argument'],
  ['code-server --password hunter2', 'secret-argument'],
  ['mysql -p$MY_PASSWORD', 'secret-argument'],
  ['app --api-key "$KEY"', 'secret-argument'],
  ['chmod 777 work', 'open-mode'],
  ['chmod -R a+rw work', 'open-mode'],
  ['umask 0', 'open-mode'],
  ['curl -s https://example.org/x | bash', 'download-runs'],
  ['sudo systemctl start x', 'sudo'],
  ['echo {{ args.name }}', 'unquoted-argument'],
  ['echo {{ args.name | default("x") }}', 'unquoted-argument'],
  ['rm -rf $WORK/', 'unguarded-remove'],
  ['rm -r -f {{ args.dir }}', 'unguarded-remove'],
])('%s: %s', (line, rule) => {
  expect(rulesOf(line)).toContain(rule);
});

test.each([
  'jupyter lab --ip=127.0.0.1',
  'echo 10.0.0.0.0 v0.0.0.01',
  '# listens on 0.0.0.0 by default',
  'work=$(mktemp -d /tmp/tunel-XXXXXXXX)',
  'cd "/tmp/$USER-$RANDOM"',
  'ls /tmp/',
  'rserver --secure-cookie-key-file "$TUNEL_DIR/key"',
  'app --token-file "$TUNEL_TOKEN_FILE"',
  'app --token ""',
  'rserver --auth-none=1 --auth-encrypt-password=0',
  'chmod 700 work',
  'chmod u+w file',
  'umask 077',
  'curl -o file https://example.org/x',
  "echo {{ tunel.quoted.name }} '{{ args.name }}'",
  'rm -rf -- "$WORK"',
])('%s: nothing', (line) => {
  expect(rulesOf(line)).toEqual([]);
});

test('a finding names its file and line', () => {
  expect(lintText('a.sh', 'true\nsudo true')).toEqual([
    expect.objectContaining({ file: 'a.sh', line: 2, level: 'warning', rule: 'sudo' }),
  ]);
});
