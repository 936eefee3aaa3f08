import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SerializedError } from '../../../electron/shared/errors.ts';
import {
  clusterOf,
  endOwn,
  launchFails,
  launchReady,
  processesOf,
  queuedJobs,
  saveCluster,
  stopApp,
  untilGone,
  viewOf,
} from '../../helpers/apps.ts';
import { holdClusters } from '../../helpers/cluster-locks.ts';
import { asUser, type ClusterInfo, changeHostKey, onNode, upCluster } from '../../helpers/clusters.ts';
import { openTestCore, type TestCore } from '../../helpers/core.ts';
import { eventually } from '../../helpers/instance.ts';

const nodes = ['slogin', 'c1', 'c2'];

/** Every failure says what and where, and what to do. */
function expectClear(error: SerializedError, code: string, ...words: string[]): void {
  expect(error.code, JSON.stringify(error)).toBe(code);
  for (const word of words) expect(`${error.message}\n${error.detail ?? ''}`).toContain(word);
  expect(error.message).toMatch(/\.$/);
  expect(error.hint ?? '').not.toBe('');
}

describe('bad input', () => {
  let login: ClusterInfo;
  let slurm: ClusterInfo;
  let open: TestCore;
  let recipes = '';
  const servers: Server[] = [];

  beforeAll(async () => {
    await holdClusters(['login'], 'shared');
    await holdClusters(['slurm24']);
    [login, slurm] = await Promise.all([upCluster('login'), upCluster('slurm24')]);
    open = await openTestCore();
    recipes = mkdtempSync(join(tmpdir(), 'tunel-bad-'));
    writeRecipe('dies', 'echo "Error: the model file is missing" >&2; exit 3');
    writeRecipe('silent', 'exec sleep 1000', 'serve: { ready: { timeout: 3 } }');
    writeRecipe(
      'wrong-answer',
      'exec python3 "$TUNEL_DIR/files/app.py"',
      'serve: { ready: { path: /health, timeout: 4 } }',
    );
    mkdirSync(join(recipes, 'wrong-answer/files'));
    writeFileSync(join(recipes, 'wrong-answer/files/app.py'), wrongAnswer);
    for (const [name, text] of Object.entries(broken)) {
      mkdirSync(join(recipes, name));
      writeFileSync(join(recipes, name, 'app.yaml'), text);
    }
    await open.request('settings.save', { recipeFolders: [recipes] });
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    if (open) await endOwn(open);
    await open?.close();
    rmSync(recipes, { recursive: true, force: true });
  });

  function writeRecipe(name: string, script: string, more = ''): void {
    mkdirSync(join(recipes, name));
    writeFileSync(join(recipes, name, 'run.sh'), `#!/bin/sh\n${script}\n`);
    const fields =
      'launcher: slurm\nlaunchers_supported: [login]\nscript: run.sh\ndescription: A test\nneeds: { socket: true }\n';
    writeFileSync(join(recipes, name, 'app.yaml'), `${fields}${more}\n`);
  }

  /** A cluster for one case. */
  async function withCluster<T>(
    info: ClusterInfo,
    more: Record<string, unknown>,
    work: (id: string) => Promise<T>,
  ): Promise<T> {
    const clusterId = await saveCluster(open, info, { name: `case ${Math.random()}`, ...more });
    try {
      return await work(clusterId);
    } finally {
      await open.request('clusters.disconnect', { id: clusterId });
    }
  }

  describe('an address', () => {
    async function connectFails(more: Record<string, unknown>): Promise<SerializedError> {
      return withCluster(slurm, { methods: ['password'], ...more }, async (id) => {
        const error = await open.request('clusters.connect', { id }).then(
          () => Promise.reject(new Error('it connected')),
          (thrown: { serialize(): SerializedError }) => thrown.serialize(),
        );
        // The card of the cluster tells the same.
        const { connection } = open.state().clusters.find(({ cluster }) => cluster.id === id) ?? {};
        expect(connection?.error).toEqual(error);
        return error;
      });
    }
    async function serve(greet: string): Promise<number> {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        if (greet) socket.write(greet);
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      return typeof address === 'object' && address ? address.port : 0;
    }

    test('of an unknown host', async () => {
      expectClear(await connectFails({ host: 'no-such-host.invalid' }), 'host-unknown', 'no-such-host.invalid');
    });
    test('with a wrong port', async () => {
      expectClear(await connectFails({ port: 9 }), 'connection-refused', `${slurm.hosts.slogin?.address}:9`);
    });
    test('of a silent server', async () => {
      const port = await serve('');
      expectClear(await connectFails({ host: '127.0.0.1', port }), 'timeout', `127.0.0.1:${port}`);
    });
    test('of a server that is not SSH', async () => {
      const port = await serve('HTTP/1.1 400 Bad Request\r\n\r\n');
      expectClear(await connectFails({ host: '127.0.0.1', port }), 'not-ssh', 'HTTP/1.1 400');
    });
    test('with three wrong passwords', async () => {
      const stop = answerAll('wrong');
      const error = await connectFails({});
      stop();
      expectClear(error, 'auth-failed', 'ada', slurm.hosts.slogin?.address ?? '');
      expect(stop()).toBe(3);
    });
    test('whose host key changed: no password is sent', async () => {
      const restore = await changeHostKey(slurm, 'slogin');
      const stop = answerAll('ada-secret');
      try {
        expectClear(await connectFails({}), 'host-key-changed', slurm.hosts.slogin?.address ?? '', 'SHA256:');
      } finally {
        await restore();
      }
      expect(stop()).toBe(0);
    });
    test('with a key file that cannot be used', async () => {
      const keyFile = join(recipes, 'no-such-key');
      expectClear(await connectFails({ methods: ['key'], keyFiles: [keyFile] }), 'key-unreadable', keyFile);
      const notKey = join(recipes, 'not-a-key');
      writeFileSync(notKey, 'hello\n');
      expectClear(await connectFails({ methods: ['key'], keyFiles: [notKey] }), 'auth-unsupported', notKey);
    });
    test('with a known_hosts file that cannot be read', async () => {
      const folder = join(recipes, 'folder-as-known-hosts');
      mkdirSync(folder);
      chmodSync(folder, 0o700);
      expectClear(await connectFails({ knownHostsFile: folder }), 'known-hosts-unreadable', folder);
    });

    /** Answers every question with a password; the returned function ends that and says how many there were. */
    function answerAll(value: string): () => number {
      const seen = new Set<string>();
      const look = () => {
        for (const { id, kind } of open.state().prompts) {
          if (seen.has(id) || kind !== 'secret') continue;
          seen.add(id);
          void open.request('prompts.answer', { id, answer: { kind, value, remember: true } });
        }
      };
      const stop = open.core.onChanges(look);
      return () => {
        stop();
        return seen.size;
      };
    }
  });

  describe('a launch', () => {
    const without = (command: string) =>
      `mkdir -p ~/.tunel-test-bin; ln -sf /usr/bin/* ~/.tunel-test-bin/ 2>/dev/null; rm -f ~/.tunel-test-bin/${command}; PATH=$HOME/.tunel-test-bin; export PATH`;
    afterAll(() => asUser('ada', slurm, 'slogin', 'rm -rf ~/.tunel-test-bin'));

    const cases: [
      words: string,
      recipe: string,
      code: string,
      says: string[],
      more: Record<string, unknown>,
      input?: Record<string, unknown>,
    ][] = [
      [
        'without python3 there',
        'hello',
        'command-missing',
        ['python3'],
        { defaults: { environment: without('python3') } },
      ],
      [
        'without jupyter there',
        'jupyter',
        'command-missing',
        ['jupyter'],
        { defaults: { environment: without('jupyter') } },
      ],
      ['that dies at once', 'dies', 'job-failed', ['exit code 3', 'the model file is missing'], {}],
      ['of an app that never listens', 'silent', 'not-ready', ['within 3 s'], {}],
      ['of an app that answers with errors', 'wrong-answer', 'not-ready', ['/health', '503'], {}],
      ['to a queue that does not exist', 'hello', 'queue-unknown', ['nope'], {}, { queue: 'nope' }],
      ['on an account that does not exist', 'hello', 'account-invalid', ['nobodys'], {}, { account: 'nobodys' }],
      ['for longer than the queue allows', 'hello', 'limit-exceeded', ['debug'], {}, { queue: 'debug', time: 600 }],
      [
        'with a module that is not there',
        'hello',
        'command-missing',
        ['no/such/module'],
        { defaults: { modules: ['no/such/module'] } },
      ],
      [
        'in a work directory that is not there',
        'hello',
        'job-failed',
        ['/no/such/directory'],
        { defaults: { workDirectory: '/no/such/directory' } },
      ],
    ];
    test.each(cases)('%s', async (_words, recipe, code, says, more, resources) => {
      await withCluster(slurm, more, async (clusterId) => {
        const failed = await launchFails(open, { clusterId, recipe, launcher: 'slurm', resources });
        expectClear(failed.error, code, ...says);
        expect(failed.error.message.length).toBeLessThan(400);
        await untilGone(slurm, nodes, failed.id);
      });
    });

    test('without sbatch there', async () => {
      await withCluster(login, {}, async (clusterId) => {
        const failed = await launchFails(open, { clusterId, recipe: 'hello', launcher: 'slurm' });
        expectClear(failed.error, 'command-missing', 'Slurm');
        expect(await processesOf(login, 'login', failed.id)).toEqual([]);
      });
    });

    test('that is cancelled while its app gets ready', async () => {
      await withCluster(slurm, {}, async (clusterId) => {
        const { id } = await open.request('instances.launch', { clusterId, recipe: 'silent', launcher: 'slurm' });
        await open.until('a job', ({ instances }) => instances.find((app) => app.id === id)?.job);
        expect(await stopApp(open, id)).toMatchObject({ state: 'ended', error: null });
        await untilGone(slurm, nodes, id);
      });
    });

    const values = `it's "quoted" $(id) \`id\` \\ *\n{{ 7*7 }} {% raw %} 漢字 🚀 é %s <b>`;
    test.each(['login', 'slurm'] as const)(
      'with quotes, newlines, $() and unicode, by %s: they arrive unchanged',
      async (launcher) => {
        await withCluster(slurm, {}, async (clusterId) => {
          const app = await launchReady(open, { clusterId, recipe: 'hello', launcher, args: { greeting: values } });
          const view = viewOf(open, app.id);
          const page = await view.get('/');
          view.close();
          const unescaped = page.text.replace(/&(quot|#x27|lt|gt|amp);/g, (entity) => entities[entity] ?? entity);
          expect(unescaped).toContain(`<h1>${values} from `);
          await stopApp(open, app.id);
          await untilGone(slurm, nodes, app.id);
        });
      },
    );
  });

  describe('a home directory', () => {
    /** Puts another file system over ada's home on the login node while the work runs. */
    async function withHome(mount: string, work: (clusterId: string) => Promise<void>): Promise<void> {
      await onNode(slurm, 'slogin', `${mount}; mkdir -p -m 700 /home/ada/.ssh 2>/dev/null; true`);
      try {
        await withCluster(slurm, { methods: ['password'] }, work);
      } finally {
        await eventually(
          async () => (await onNode(slurm, 'slogin', ['umount', '/home/ada'], { check: false })).code,
          (code) => code === 0,
        );
      }
    }
    async function launchThere(clusterId: string) {
      const stop = open.core.onChanges(() => {
        for (const { id, kind } of open.state().prompts) {
          if (kind === 'secret') {
            void open.request('prompts.answer', { id, answer: { kind, value: 'ada-secret' } }).catch(() => undefined);
          }
        }
      });
      const failed = await launchFails(open, { clusterId, recipe: 'hello', launcher: 'slurm' });
      stop();
      return failed;
    }

    test('that is full', async () => {
      await withHome(
        'mount -t tmpfs -o size=64k,uid=1001,mode=700 tmpfs /home/ada; head -c 1M /dev/zero >/home/ada/data 2>/dev/null',
        async (clusterId) => {
          const { error, id } = await launchThere(clusterId);
          expectClear(error, 'no-space', '/home/ada/.tunel');
          const left = await onNode(slurm, 'slogin', ['find', '/home/ada/.tunel', '-name', id], { check: false });
          expect(left.stdout).toBe('');
          expect(await queuedJobs(slurm, id)).toEqual([]);
        },
      );
    });
    test('that is read-only', async () => {
      await withHome('mount -t tmpfs -o ro,uid=1001,mode=700 tmpfs /home/ada', async (clusterId) => {
        const { error, id } = await launchThere(clusterId);
        expectClear(error, 'read-only', '/home/ada/.tunel');
        expect(await queuedJobs(slurm, id)).toEqual([]);
      });
    });
    test('whose path is too long for a socket', async () => {
      const name = `/home/${'a-very-long-name-of-a-project-'.repeat(4)}/ada`;
      await onNode(
        slurm,
        'slogin',
        `mkdir -p ${name} && chmod 755 $(dirname ${name}) && cp -a /home/ada/.ssh ${name}/ && chown -R ada: ${name}`,
      );
      const change = (home: string) =>
        onNode(slurm, 'slogin', `sed -i 's#^\\(ada:.*:\\)/home/[^:]*:#\\1${home}:#' /etc/passwd`);
      await change(name);
      try {
        await withCluster(slurm, {}, async (clusterId) => {
          const app = await launchReady(open, { clusterId, recipe: 'hello', launcher: 'login' });
          expect(app.directory.startsWith(name)).toBe(true);
          const path = app.endpoint?.kind === 'socket' ? app.endpoint.path : '';
          expect(path.length).toBeLessThan(100);
          const { stdout } = await onNode(slurm, 'slogin', `stat -c '%a %U' ${path} $(dirname ${path})`);
          expect(stdout).toBe('600 ada\n700 ada\n');
          const view = viewOf(open, app.id);
          expect((await view.get('/')).status).toBe(200);
          view.close();
          await stopApp(open, app.id);
          await untilGone(slurm, ['slogin'], app.id);
          expect((await onNode(slurm, 'slogin', ['ls', path], { check: false })).code).not.toBe(0);
        });
      } finally {
        await change('/home/ada');
        await onNode(slurm, 'slogin', `rm -rf ${name.split('/').slice(0, 3).join('/')}`);
      }
    });
  });

  test('recipes that are broken are named with file and line, the others are there', () => {
    const { list, problems } = open.state().recipes;
    for (const name of Object.keys(broken)) {
      const problem = problems.find(({ recipe }) => recipe === name);
      expect(problem, name).toMatchObject({ file: expect.stringContaining(`${name}/app.yaml`) });
      expect(problem?.message).not.toBe('');
    }
    expect(list.map(({ name }) => name)).toEqual(expect.arrayContaining(['hello', 'jupyter', 'dies']));
    expect({}).not.toHaveProperty('polluted');
  });

  test('a corrupt settings file is kept and reported, and nothing else is lost', async () => {
    const data = mkdtempSync(join(tmpdir(), 'tunel-corrupt-'));
    let again = await openTestCore({ data });
    await saveCluster(again, slurm);
    await again.close({ remove: false });
    writeFileSync(join(data, 'settings.json'), '{"version":1,"data":{"theme":');
    again = await openTestCore({ data });
    const { clusters, system, settings } = again.state();
    expect(settings.theme).toBe('system');
    expect(clusters.map(({ cluster }) => cluster.name)).toEqual(['slurm24']);
    expect(system.notices).toHaveLength(1);
    expect(system.notices[0]).toMatchObject({ kind: 'warning', title: expect.stringContaining('settings') });
    expect(readdirSync(data).filter((name) => name.startsWith('settings.json.unreadable-'))).toHaveLength(1);
    await again.close();
  });

  test('a request that is not in the contract, or does not fit it', async () => {
    const refused = (name: string, input: unknown) =>
      open.core.request(name, input).then(
        () => null,
        (error) => error,
      );
    expectClear(await refused('instances.explode', {}), 'bad-input', 'instances.explode');
    expectClear(
      await refused('clusters.save', { input: { ...clusterOf(slurm), host: '-oProxyCommand=id' } }),
      'bad-input',
      'host',
    );
    expectClear(await refused('instances.launch', { clusterId: 'none', recipe: 'hello' }), 'not-found', 'cluster');
    const clusterId = await saveCluster(open, slurm, { name: 'for recipes' });
    expectClear(await refused('instances.launch', { clusterId, recipe: '../../etc/passwd' }), 'not-found', 'recipe');
    expectClear(
      await refused('instances.launch', { clusterId, recipe: 'flask', args: { workers: 'many' } }),
      'bad-input',
      'workers',
    );
    expectClear(
      await refused('instances.launch', { clusterId, recipe: 'hello', args: { greeting: 'a\0b' } }),
      'bad-input',
      'NUL',
    );
    expect(open.state().instances.filter((app) => app.clusterId === clusterId)).toEqual([]);
  });

  test('nothing is left in the queue', async () => {
    const ours = open.state().instances.filter(({ input }) => input !== null);
    expect(ours.length).toBeGreaterThan(10);
    for (const { id } of ours) expect(await queuedJobs(slurm, id)).toEqual([]);
  });
});

const entities: Record<string, string> = { '&quot;': '"', '&#x27;': "'", '&lt;': '<', '&gt;': '>', '&amp;': '&' };

const minimal = 'launcher: slurm\nscript: run.sh\ndescription: A test\n';
const broken: Record<string, string> = {
  'broken-yaml': 'launcher: [slurm\n',
  'broken-field': `${minimal}colour: red\n`,
  'broken-proto': `${minimal}__proto__: { polluted: true }\n`,
  'broken-path': 'launcher: slurm\nscript: ../../../etc/passwd\ndescription: A test\n',
  'broken-bomb': `${minimal}a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`,
  'broken-giant': `${minimal}# ${'x'.repeat(10_000_000)}\n`,
};

const wrongAnswer = `import http.server, os, socketserver
class Handler(http.server.BaseHTTPRequestHandler):
    def address_string(self): return "gateway"
    def do_GET(self):
        self.send_response(503); self.send_header("Content-Length", "0"); self.end_headers()
os.umask(0o177)
socketserver.UnixStreamServer(os.environ["TUNEL_SOCKET"], Handler).serve_forever()
`;
