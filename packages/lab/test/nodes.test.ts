import { readFileSync } from 'node:fs';
import { accountOf, run } from '@holdfast/kit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Lab, LabError, type LabNode, openLab } from '../src/index.ts';
import { startedAt } from '../src/startedAt.ts';
import { waitUntil } from '../src/waitUntil.ts';
import { pidNamespaceOf, processesIn } from './thisMachine.ts';

const budget = { budgetMs: 5_000 };
let lab: Lab;
let alpha: LabNode;
let beta: LabNode;

beforeAll(async () => {
  lab = await openLab();
  [alpha, beta] = await Promise.all([
    lab.addNode({ name: 'alpha', address: '10.77.0.2' }),
    lab.addNode({ name: 'beta', address: '10.77.0.3/24' }),
  ]);
});

afterAll(async () => {
  await lab.close();
});

test('a node has a name, an address on eth0 and processes of its own', async () => {
  const addresses = await beta.run(['ip', '-brief', '-4', 'address', 'show', 'eth0'], budget);
  const names = await beta.run(['hostname'], budget);
  const processes = await beta.run(['ps', '-e', '-o', 'args='], budget);
  expect(addresses.stdout).toMatch(/^eth0@\S+ +UP +10\.77\.0\.3\/24 *$/m);
  expect({ device: beta.device, address: beta.address }).toEqual({ device: 'eth0', address: '10.77.0.3' });
  expect(names.stdout).toBe('beta\n');
  expect(processes.stdout.trim().split('\n')).toHaveLength(3);
});

test('a mount and an address of one node are not seen by the other, nor by the client', async () => {
  await alpha.run(['mount', '-t', 'tmpfs', 'only-alpha', '/mnt'], budget);
  await alpha.run(['ip', 'address', 'add', '10.77.0.50/24', 'dev', 'eth0'], budget);
  const seenBy = async (host: Lab['client']): Promise<string[]> => {
    const mounts = await host.run(['cat', '/proc/self/mountinfo'], budget);
    const addresses = await host.run(['ip', 'address'], budget);
    const all = mounts.stdout + addresses.stdout;
    return ['only-alpha', '10.77.0.50/24'].filter((what) => all.includes(what));
  };
  expect(await seenBy(alpha)).toEqual(['only-alpha', '10.77.0.50/24']);
  expect(await seenBy(beta)).toEqual([]);
  expect(await seenBy(lab.client)).toEqual([]);
});

test('the client and the nodes reach each other', async () => {
  let served = '';
  const server = alpha.start(
    [
      process.execPath,
      '-e',
      'require("net").createServer((c) => c.end("from alpha")).listen(7000, () => console.log("up"))',
    ],
    {
      onOutput: (text) => {
        served += text;
      },
    },
  );
  try {
    expect(await waitUntil(() => served.includes('up'), 5_000)).toBe(true);
    const connect =
      'require("net").connect(7000, "10.77.0.2").on("error", (e) => console.log(e.code)).pipe(process.stdout)';
    for (const host of [lab.client, beta]) {
      const heard = await host.run([process.execPath, '-e', connect], budget);
      expect({ host: host.name, heard: heard.stdout }).toEqual({ host: host.name, heard: 'from alpha' });
    }
  } finally {
    server.kill('SIGKILL');
    await server.ended;
  }
});

test('what dead parents leave behind is reaped', async () => {
  const processes = async (): Promise<string> => {
    const listed = await alpha.run(['ps', '-e', '-o', 'args=', '--sort=pid'], budget);
    return listed.stdout;
  };
  const before = await processes();
  // The shell ends at once; its children become children of the first process, and end after it.
  const orphans = 'for n in 1 2 3 4 5 6 7 8 9 10; do sleep 0.05 >&- 2>&- & done; exit 0';
  await alpha.run(['sh', '-c', orphans], budget);
  // A process that ended and was not reaped is listed as defunct.
  await waitUntil(async () => (await processes()) === before, 2_000);
  expect(await processes()).toBe(before);
});

test('a program is given time to end in its own way before its budget kills it', async () => {
  const result = await alpha.run(['sh', '-c', 'trap "echo bye; exit 3" TERM; while :; do sleep 0.01; done'], {
    budgetMs: 100,
    killAfterMs: 2_000,
  });
  expect({ ending: result.ending, exitCode: result.exitCode, said: result.stdout }).toEqual({
    ending: 'budget',
    exitCode: 3,
    said: 'bye\n',
  });
});

test('a program that ignores the end of its budget is killed, with what it started', async () => {
  const namespace = pidNamespaceOf(alpha.pid);
  const before = processesIn([namespace]).length;
  const stubborn = 'trap "" TERM; sleep 60 & wait $!; sleep 60';
  const result = await alpha.run(['sh', '-c', stubborn], { budgetMs: 100, killAfterMs: 100 });
  expect(result.ending).toBe('budget');
  expect(await waitUntil(() => processesIn([namespace]).length === before, 2_000)).toBe(true);
});

test('a program runs as another account, in another folder, with the environment it is given', async () => {
  const account = await accountOf('nobody', run);
  const result = await alpha.run(['sh', '-c', 'id -un; pwd; echo "$GREETING"'], {
    ...budget,
    account: account!,
    cwd: '/usr',
    env: { GREETING: 'hello' },
  });
  expect(result.stdout).toBe('nobody\n/usr\nhello\n');
});

test('a program that is not there is named in the evidence', async () => {
  const result = await alpha.run(['no-such-program'], budget);
  expect(result.ending).toBe('not-started');
  expect(result.says).toMatch(/^no-such-program: not started/);
});

test('the commands of this checkout are found as an operator types them', async () => {
  const commands = ['perform_action', 'lcdstatus', 'holdfast'];
  const found = await alpha.run(['which', ...commands], budget);
  expect(found.stdout).toBe(commands.map((command) => `/usr/local/bin/${command}\n`).join(''));
});

test('what a person types to enter a node leads there', async () => {
  const [program, ...words] = alpha.enterCommand.split(' ') as [string, ...string[]];
  const there = await run([program, ...words, 'hostname'], budget);
  expect(there.stdout).toBe('alpha\n');
});

test('a written file has its mode and its owner, and is opened through path()', async () => {
  await alpha.writeFile('/etc/holdfast/secret', 'do not tell', 0o600);
  const stat = await alpha.run(['stat', '-c', '%a %U', '/etc/holdfast/secret'], budget);
  expect(stat.stdout).toBe('600 root\n');
  expect(readFileSync(alpha.path('/etc/holdfast/secret'), 'utf8')).toBe('do not tell');
});

test('two labs side by side use the same names and addresses', async () => {
  const other = await openLab();
  try {
    const otherAlpha = await other.addNode({ name: 'alpha', address: '10.77.0.2' });
    await otherAlpha.writeFile('/etc/which', 'the other');
    await alpha.writeFile('/etc/which', 'the first');
    const [first, second] = await Promise.all([
      alpha.run(['cat', '/etc/which'], budget),
      otherAlpha.run(['cat', '/etc/which'], budget),
    ]);
    expect([first.stdout, second.stdout]).toEqual(['the first', 'the other']);
  } finally {
    await other.close();
  }
  expect(startedAt(alpha.pid)).toBeDefined();
});

test('a name or an address that is taken is refused', async () => {
  await expect(lab.addNode({ name: 'alpha', address: '10.77.0.9' })).rejects.toThrow(LabError);
  await expect(lab.addNode({ name: 'gamma', address: '10.77.0.1' })).rejects.toThrow('client at 10.77.0.1');
});

test('without root the lab says what it needs and what to do', async () => {
  const source = new URL('../src/index.ts', import.meta.url).href;
  const program = `const { openLab } = await import(${JSON.stringify(source)});
    await openLab().catch((error) => console.log(error.name, error.message));`;
  const account = await accountOf('nobody', run);
  const said = await alpha.run([process.execPath, '--input-type=module', '-e', program], {
    ...budget,
    account: account!,
  });
  expect(said.stdout).toContain('LabError The lab needs root');
  expect(said.stdout).toContain('with sudo');
});
