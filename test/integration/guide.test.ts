import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Lab, type LabNode, openLab, preparePostgres } from '@holdfast/lab';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

/*
 * Follows the operator's guide on three machines, as somebody who types it would. Not typed are what the lab has already
 * (packages), what copies between machines, and what talks to systemd: the test does in its place what that would do.
 */

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'packages/agent/GUIDE.md'), 'utf8');
const addresses = { alpha: '10.77.0.2', beta: '10.77.0.3', voter: '10.77.0.4' } as const;
type Name = keyof typeof addresses;
const budget = { budgetMs: 60_000 };

/** A fence with a file's name writes the file, `sh on` is typed on these machines, and bare `text` is what was said. */
const blocks = [...page.matchAll(/^```(\w+)(?: (\/\S+))?(?: on ([\w ]+))?\n(.*?)^```$/gms)].map(
  ([, kind, file, on, text]) => ({
    kind: kind!,
    file,
    on: (on?.split(' and ') ?? []) as Name[],
    text: text!,
  }),
);

let lab: Lab;
let device: string;
const nodes = {} as Record<Name, LabNode>;

beforeAll(async () => {
  lab = await openLab();
  for (const name of ['alpha', 'beta', 'voter'] as const)
    nodes[name] = await lab.addNode({ name, address: addresses[name] });
  ({ device } = await lab.addDisk({ name: 'pg', sizeMb: 192 }));
  await preparePostgres(nodes.alpha, { device, mountPoint: '/srv/pg', dataDirectory: '/srv/pg/data' });
  for (const name of ['alpha', 'beta'] as const)
    for (const agent of ['fence_ipmilan', 'fence_apc_snmp'])
      await nodes[name].writeFile(`/usr/sbin/${agent}`, deviceProgram, 0o755);
}, 60_000);
afterAll(() => lab?.close());

test('two nodes and a small third come up from nothing, as the page says', async () => {
  let said = '';
  for (const { kind, file, on, text } of blocks) {
    if (file !== undefined) for (const name of on) await nodes[name].writeFile(file, fitted(text));
    else if (kind === 'sh') {
      said = '';
      for (const name of on) said += await type(name, text);
    } else for (const line of text.trim().split('\n')) expect(said).toContain(line);
  }
  expect(blocks.length).toBeGreaterThan(20);
  const rows = await lab.client.run(
    ['psql', '-h', '10.77.0.50', '-U', 'postgres', '-XAtc', 'select 1'],
    budget,
  );
  expect(rows.stdout).toBe('1\n');
}, 120_000);

test('the certificates of the page are those that a node asks for', async () => {
  const shown = await nodes.beta.run(
    ['openssl', 'x509', '-in', '/etc/holdfast/beta.pem', '-noout', '-ext', 'subjectAltName,extendedKeyUsage'],
    budget,
  );
  expect(shown.stdout).toMatch(/DNS:beta, IP Address:10\.77\.0\.3/);
  expect(shown.stdout).toMatch(/TLS Web Server Authentication, TLS Web Client Authentication/);
  const seen = await nodes.alpha.run(['lcdstatus', '-q', '-d', 'beta'], budget);
  expect(seen.stdout).toMatch(/^beta +pg .*ISP/m);
});

/** The disk of the lab has another name, and its machine has other work: the times are the widest that there are. */
function fitted(text: string): string {
  return text.replaceAll('/dev/sdb1', device).replaceAll('preset: balanced', 'preset: cautious');
}

async function type(name: Name, text: string): Promise<string> {
  let said = '';
  let typed = '';
  const flush = async (): Promise<void> => {
    if (typed.trim() !== '') said += await shell(name, `set -e\n${typed}`);
    typed = '';
  };
  for (const line of text.split('\n')) {
    const done = insteadOf(name, line);
    if (done === undefined) typed += `${line}\n`;
    else {
      await flush();
      await done();
    }
  }
  await flush();
  return said;
}

/** What is done in the place of a line that is not typed; undefined for one that is. */
function insteadOf(name: Name, line: string): (() => Promise<unknown>) | undefined {
  const [command, ...words] = line.split(' ');
  if (command === 'apt-get') return async () => undefined;
  if (command === 'scp') return () => copy(name, words);
  if (command !== 'systemctl') return undefined;
  if (line === 'systemctl enable --now etcd') return () => shell(name, startEtcd);
  if (line === 'systemctl enable --now holdfast') return () => shell(name, startHoldfast);
  return async () => undefined;
}

async function copy(from: Name, words: readonly string[]): Promise<void> {
  const [to, folder] = words.at(-1)!.split(':') as [Name, string];
  for (const path of words.slice(0, -1))
    await nodes[to].writeFile(
      `${folder}${path.split('/').at(-1)}`,
      readFileSync(nodes[from].path(path), 'utf8'),
    );
}

async function shell(name: Name, script: string): Promise<string> {
  const ran = await nodes[name].run(['sh', '-c', script], budget);
  if (!ran.ok) throw new Error(`${name}: ${script}\n${ran.says}\n${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}

/** As its unit does: with its settings as environment, as the user etcd. Ends when it does not run. */
const startEtcd = `install -d -m 700 -o etcd -g etcd /var/lib/etcd
set -a; . /etc/default/etcd; set +a
setsid --fork setpriv --reuid etcd --regid etcd --init-groups etcd >/run/etcd.log 2>&1 </dev/null`;

const startHoldfast = `mkdir -p /var/log/holdfast
setsid --fork holdfast agent >/run/holdfast.log 2>&1 </dev/null
for try in $(seq 600); do
  grep -q '"event":"ready"' /run/holdfast.log && exit
  sleep 0.05
done
cat /run/holdfast.log; exit 1`;

/** Stands in for programs that ask a device: what it needs to be told, and that it works. */
const deviceProgram = `#!/bin/sh
grep -q action=metadata || exit 0
echo '<resource-agent><parameters><parameter name="ip" required="1"/></parameters></resource-agent>'
`;
