import { fileURLToPath } from 'node:url';
import { type Lab, type LabAgent, type LabNode, openLab, startAgent } from '@holdfast/lab';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startPostfix } from './telling/startPostfix.ts';

/*
 * Telling people, with the agent and the endpoints as processes in one node: real HTTP servers that fail, hang and
 * drip, a real Postfix, real programs that hang.
 */

const budget = { budgetMs: 30_000 };
type Heard = { path: string; status: number; subject: string; token?: string; body: string };

let lab: Lab;
let node: LabNode;
let agent: LabAgent;
let mails: () => Promise<string>;
let sendmail: string[];
const heard: Heard[] = [];

const agentOptions = { config: { kits: ['@holdfast/kit-ip'], metrics: { port: 9464 } } };

beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  ({ mails, sendmail } = await startPostfix(node));
  await node.writeFile('/etc/holdfast/chat.token', 'Bearer s3cret-t0ken\n', 0o600);
  await node.writeFile('/etc/holdfast/open.token', 'Bearer s3cret-t0ken\n', 0o644);
  await node.writeFile('/usr/local/bin/page', pageProgram, 0o755);
  await node.writeFile('/usr/local/bin/page-hangs', '#!/bin/sh\nsleep 991 &\nsleep 992\n', 0o755);
  await startEndpoints();
  agent = await startAgent(node, agentOptions);
}, 60_000);

afterAll(() => lab?.close());

const pageProgram = `#!/bin/sh
{ echo "$HOLDFAST_SEVERITY $HOLDFAST_SUBJECT"; cat; } >>/tmp/paged
`;

async function startEndpoints(): Promise<void> {
  const listening = Promise.withResolvers<void>();
  let rest = '';
  const program = fileURLToPath(new URL('./telling/endpoints.ts', import.meta.url));
  node.start([process.execPath, '--disable-warning=ExperimentalWarning', program], {
    onOutput: (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        if (line === 'listening') listening.resolve();
        else heard.push(JSON.parse(line) as Heard);
      }
    },
  });
  await listening.promise;
}

const address = '10.77.0.50/24';
const webhook = (path: string, more: object = {}) => ({
  type: 'webhook',
  url: `http://127.0.0.1:8080${path}`,
  inTheOpen: true,
  fold: '300ms',
  timeout: '2s',
  ...more,
});

async function apply(notifiers: object) {
  const document = {
    nodes: ['alpha'],
    policy: { quickCheck: { every: '1h' }, localRecovery: { attempts: 1000, within: '1m' } },
    resources: { ip: { type: 'ip', settings: { address, device: 'eth0' } } },
    notifiers,
  };
  await node.writeFile('/root/hierarchy.yaml', JSON.stringify(document));
  return node.run(['holdfast', 'apply', '/root/hierarchy.yaml'], budget);
}

const holdfast = (...words: string[]) => node.run(['holdfast', ...words], budget);
const loseAddress = () => node.run(['ip', 'address', 'del', address, 'dev', 'eth0'], budget);
const curl = (url: string) => node.run(['curl', '-s', '--max-time', '5', url], budget);

/** Waits for a fact, and says what was there instead when it does not come. */
async function eventually<Fact>(
  look: () => Promise<Fact> | Fact,
  wanted: (fact: Fact) => boolean,
): Promise<Fact> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const found = await look();
    if (wanted(found)) return found;
    if (performance.now() > deadline)
      throw new Error(`it did not come: ${JSON.stringify(found)}\n${agent.log()}`);
    await node.run(['true'], budget);
  }
}

describe('telling people', () => {
  test('of a repair reaches a webhook, a program and mailboxes, and no secret is anywhere else', async () => {
    const applied = await apply({
      chat: webhook('/ok', { headers: { Authorization: { file: '/etc/holdfast/chat.token' } } }),
      pager: { type: 'command', argv: ['/usr/local/bin/page'], fold: '300ms' },
      post: {
        type: 'email',
        to: ['ops@mail.example'],
        smtp: { host: '127.0.0.1', port: 25, tls: 'none' },
        fold: '300ms',
      },
      sendmail: { type: 'email', to: ['night@mail.example'], sendmail, fold: '300ms' },
    });
    expect(applied).toMatchObject({ exitCode: 0 });
    expect(await node.run(['perform_action', '-t', 'ip', '-a', 'restore'], budget)).toMatchObject({
      exitCode: 0,
    });
    await loseAddress();
    const said = await eventually(
      () => heard.find(({ path }) => path === '/ok'),
      (found) => found !== undefined,
    );
    expect(said!.token).toBe('Bearer s3cret-t0ken');
    expect(said!.subject).toMatch(/^\[holdfast\] alpha: ip was repaired here in \d+ ms/);
    expect(JSON.parse(said!.body)).toMatchObject({
      schema: 'holdfast.message/1',
      node: 'alpha',
      severity: 'error',
    });
    await eventually(
      async () => (await node.run(['cat', '/tmp/paged'], budget)).stdout,
      (text) =>
        /^error \[holdfast\] alpha: ip was repaired/.test(text) && text.includes('"kind":"recovered"'),
    );
    const mail = await eventually(
      mails,
      (text) => text.includes('ops@mail.example') && text.includes('night@'),
    );
    expect(mail).toMatch(/^Subject: \[holdfast\] alpha: ip was repaired here/m);
    expect(mail).toMatch(/^ {2}done +recover of ip: done/m);
    expect(mail).toMatch(/^Auto-Submitted: auto-generated$/m);
    const shown = await holdfast('export');
    expect(agent.log() + shown.stdout + (await holdfast('notify', 'list')).stdout).not.toContain('s3cret');
  }, 60_000);

  test('goes on through an endpoint that fails twice, and never follows one that points elsewhere', async () => {
    await apply({ flaky: webhook('/flaky'), moved: webhook('/moved'), no: webhook('/no') });
    heard.length = 0;
    await loseAddress();
    const flaky = await eventually(
      () => heard.filter(({ path }) => path === '/flaky').map(({ status }) => status),
      (found) => found.length === 3,
    );
    expect(flaky).toEqual([500, 500, 200]);
    expect(heard.filter(({ path }) => path === '/no')).toHaveLength(1);
    expect(heard.filter(({ path }) => path === '/ok')).toEqual([]);
    const { stdout } = await holdfast('notify', 'list', '--json');
    const { notifiers } = JSON.parse(stdout);
    expect(notifiers).toEqual([
      expect.objectContaining({ name: 'flaky', sent: 1, failed: 2, dropped: 0, queued: 0 }),
      expect.objectContaining({ name: 'moved', sent: 0, queued: 1, to: 'http://127.0.0.1:8080' }),
      expect.objectContaining({ name: 'no', sent: 0, failed: 1, dropped: 1, queued: 0 }),
    ]);
  }, 60_000);

  test('through endpoints and programs that hang never holds up a repair, and leaves no process', async () => {
    const applied = await apply({
      hang: webhook('/hang'),
      drip: webhook('/drip'),
      pager: { type: 'command', argv: ['/usr/local/bin/page-hangs'], fold: '300ms', timeout: '1s' },
    });
    expect(applied).toMatchObject({ exitCode: 0 });
    for (let round = 0; round < 3; round += 1) {
      const begunAt = performance.now();
      await loseAddress();
      await eventually(
        async () => (await node.run(['ip', '-brief', 'address', 'show', 'to', '10.77.0.50'], budget)).stdout,
        (text) => text.includes('10.77.0.50'),
      );
      expect(performance.now() - begunAt).toBeLessThan(2_000);
    }
    await eventually(
      async () => JSON.parse((await holdfast('notify', 'list', '--json')).stdout).notifiers,
      (found) =>
        found.every((one: { name: string; sent: number; failed: number }) =>
          one.name === 'drip' ? one.sent > 0 : one.failed > 0,
        ),
    );
    await apply({});
    await eventually(
      async () => (await node.run(['pgrep', '-f', 'sleep 99[12]'], budget)).stdout,
      (text) => text === '',
    );
  }, 60_000);

  test('is tried out with holdfast notify test, which says what happened', async () => {
    await apply({
      chat: webhook('/ok'),
      secret: webhook('/ok', { headers: { Authorization: { file: '/etc/holdfast/open.token' } } }),
      tls: { type: 'email', to: ['ops@mail.example'], smtp: { host: '127.0.0.1', port: 25 } },
      silent: webhook('/hang', { timeout: '500ms' }),
    });
    expect(await holdfast('notify', 'test', 'chat')).toMatchObject({ exitCode: 0 });
    const all = await holdfast('notify', 'test');
    expect(all.exitCode).toBe(1);
    const said = all.stdout.replaceAll(/\s*\n\s+/g, ' ');
    expect(said).toMatch(/^chat: sent \(.*\): it answered 204$/m);
    expect(said).toMatch(/^secret: failed .*may be read by others \(mode 0644\)/m);
    expect(said).toMatch(/^tls: failed .*STARTTLS/m);
    expect(said).toMatch(/^silent: failed .*no answer within 500 ms/m);
    expect(await holdfast('notify', 'test', 'nobody')).toMatchObject({ exitCode: 1 });
  }, 60_000);

  test('of its own death, and of what waited when it died', async () => {
    await apply({ later: webhook('/hang', { timeout: '1h' }) });
    await loseAddress();
    await eventually(
      async () => (await node.run(['ls', '/var/lib/holdfast/notify'], budget)).stdout,
      (text) => text.includes('later.json'),
    );
    await agent.kill();
    agent = await startAgent(node, agentOptions);
    heard.length = 0;
    await apply({ later: webhook('/ok') });
    const subjects = await eventually(
      () => heard.filter(({ path }) => path === '/ok').map(({ subject }) => subject),
      (found) => found.length >= 2,
    );
    expect(subjects[0]).toMatch(/ip was repaired/);
    expect(subjects[1]).toMatch(/the agent started again after it had died/);
  }, 60_000);

  test('is refused where it would give a secret away', async () => {
    const refused = await apply({
      plain: { type: 'webhook', url: 'http://chat.example.org/hook' },
      login: { type: 'webhook', url: 'https://me:pw@chat.example.org/hook' },
      mail: { type: 'email', to: ['not an address'] },
    });
    expect(refused.exitCode).toBe(1);
    const said = refused.stdout + refused.stderr;
    expect(said).toContain('in the open');
    expect(said).toContain('a user or a password in it');
    expect(said).toContain('write one address');
  }, 60_000);

  test('a night can be read in the order of LifeKeeper, on standard output and in the file', async () => {
    await agent.stop();
    agent = await startAgent(node, {
      config: { ...agentOptions.config, logFormat: 'lifekeeper', logFile: { maxMb: 1, keep: 2 } },
    });
    await loseAddress();
    const said = await eventually(agent.log, (text) => text.includes('operation done'));
    expect(said).toMatch(/^WARN:check:check-failed:ip:quickCheck of ip: out-of-service/m);
    expect(said).toMatch(/^NOTIFY:state:state-changed:ip:ip is OSF: /m);
    expect(said).toMatch(/^INFO:engine:recover:ip:recover of ip begins/m);
    const file = await node.run(['tail', '-n', '20', '/var/log/holdfast/agent.log'], budget);
    expect(file.stdout).toMatch(
      /^\d{4}-\S+Z alpha holdfast\[\d+\]: NOTIFY:state:state-changed:ip:ip is ISP: /m,
    );
    const mode = await node.run(['stat', '-c', '%a', '/var/log/holdfast/agent.log'], budget);
    expect(mode.stdout.trim()).toBe('640');
  }, 60_000);

  test('metrics are printed on the socket and, where asked for, on the loopback device', async () => {
    const { stdout } = await curl('http://127.0.0.1:9464/metrics');
    expect(stdout).toContain('holdfast_resource_state{tag="ip",type="ip",state="ISP"} 1');
    expect(stdout).toMatch(/^holdfast_event_loop_delay_seconds\{quantile="1"\} [0-9.]+$/m);
    expect((await curl('http://127.0.0.1:9464/v1/status')).stdout).toContain('metrics are at GET /metrics');
    const outside = await lab.client.run(
      ['curl', '-s', '--max-time', '2', 'http://10.77.0.2:9464/metrics'],
      budget,
    );
    expect(outside.exitCode).not.toBe(0);
  });
});
