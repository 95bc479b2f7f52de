import { fileURLToPath } from 'node:url';
import { accountOf, run } from '@holdfast/kit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Lab, type LabNode, openLab } from '../src/index.ts';

/* In a node of the lab, where everything that the set-up does is private, and Debian is not reached. */

const setup = fileURLToPath(new URL('../setup.js', import.meta.url));
const budget = { budgetMs: 25_000 };
const policy = '/usr/sbin/policy-rc.d';

let lab: Lab;
let node: LabNode;

beforeEach(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'fresh', address: '10.77.0.2' });
});

afterEach(async () => {
  await lab.close();
});

test('the set-up of a machine that has everything says nothing', async () => {
  const result = await node.run([process.execPath, setup], budget);
  expect({ exitCode: result.exitCode, said: result.stdout + result.stderr }).toEqual({
    exitCode: 0,
    said: '',
  });
});

test('without root it names what is missing and what to do', async () => {
  await node.run(['rm', '/usr/sbin/mkfs.xfs'], budget);
  const account = await accountOf('nobody', run);
  const result = await node.run([process.execPath, setup], { ...budget, account: account! });
  expect(result.exitCode).toBe(1);
  expect(result.stdout).toMatch(/Missing.* xfsprogs .*sudo node packages\/lab\/setup\.js/s);
});

test('while packages are installed no service may start and no database is made, here and only here', async () => {
  const own = '#!/bin/sh\nexit 0\n';
  await node.writeFile(policy, own, 0o755);
  await node.run(['rm', '/usr/sbin/mkfs.xfs'], budget);
  // Stands in for Debian, which is not reached from here: writes down what a package would be told.
  const aptGet = `#!/bin/sh
    case "$*" in
      *install*xfsprogs*) ;;
      *) exit 0 ;;
    esac
    ${policy} >/dev/null; echo "policy $?" >/told
    pg_conftool /etc/postgresql-common/createcluster.conf show -bs create_main_cluster >>/told
    : >/usr/sbin/mkfs.xfs
  `;
  await node.writeFile('/usr/bin/apt-get', aptGet, 0o755);

  const result = await node.run([process.execPath, setup], budget);

  expect({ exitCode: result.exitCode, said: result.stderr }).toEqual({ exitCode: 0, said: '' });
  expect(result.stdout).toContain('without starting any service: xfsprogs');
  const told = await node.run(['cat', '/told'], budget);
  expect(told.stdout).toBe('policy 101\noff\n');
  const after = await node.run(['cat', policy], budget);
  expect(after.stdout).toBe(own);
});

test('a set-up that is killed half-way leaves no policy and no setting behind', async () => {
  await node.run(['rm', '-f', policy, '/usr/sbin/mkfs.xfs'], budget);
  // Stands in for a package manager that is killed, with the set-up that started it.
  const aptGet = '#!/bin/sh\ncase "$*" in *install*) kill -9 $(ps -o ppid= -p $PPID) $PPID ;; esac\n';
  await node.writeFile('/usr/bin/apt-get', aptGet, 0o755);
  const killed = await node.run([process.execPath, setup], budget);
  expect(killed.signal).toBe('SIGKILL');

  const isPolicy = `if [ -x ${policy} ] || [ -s ${policy} ]; then echo yes; else echo no; fi`;
  const left = await node.run(['sh', '-c', isPolicy], budget);
  expect(left.stdout).toBe('no\n');
  const setting = ['pg_conftool', '/etc/postgresql-common/createcluster.conf', 'show', '-bs'] as const;
  const create = await node.run([...setting, 'create_main_cluster'], budget);
  expect(`${create.stdout}${create.stderr}`).not.toContain('off');

  // The next run cleans up what is empty.
  await node.writeFile(
    '/usr/bin/apt-get',
    '#!/bin/sh\ncase "$*" in *install*) : >/usr/sbin/mkfs.xfs ;; esac\n',
    0o755,
  );
  await node.run([process.execPath, setup], budget);
  const gone = await node.run(['ls', policy, '/usr/sbin/mkfs.xfs'], budget);
  expect({ shown: gone.stdout, missing: gone.stderr }).toEqual({
    shown: '/usr/sbin/mkfs.xfs\n',
    missing: expect.stringContaining(policy),
  });
});

test('when Debian is not reached it says what is not installed, and why', async () => {
  await node.run(['rm', '/usr/sbin/mkfs.xfs'], budget);
  // apt would wait longer and longer between its attempts.
  await node.writeFile('/etc/apt/apt.conf.d/99once', 'Acquire::Retries "0";\n');
  await node.run(['sh', '-c', 'rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb'], budget);
  await node.run(['dpkg', '--purge', '--force-all', 'xfsprogs'], budget);
  const result = await node.run([process.execPath, setup], budget);
  expect(result.exitCode).toBe(1);
  expect(result.stdout).toMatch(
    /Not installed: xfsprogs\n {2}why .*\n.* {2}do {4}.*apt-get install xfsprogs/s,
  );
});
