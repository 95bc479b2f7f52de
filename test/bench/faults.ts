import { dataDirectory, findPostgres, type Lab, type LabNode, preparePostgres } from '@holdfast/lab';

/** Where faults happen: a node with an address, ext4, PostgreSQL on it, and another file system with nothing on it. */
export type FaultBench = Readonly<{
  lab: Lab;
  node: LabNode;
  /** Of PostgreSQL. */
  programs: string;
  /** The devices of `/srv/pg` and `/srv/spare`. */
  device: string;
  spare: string;
  /** Gives words to a shell in the node that waits for them. Ends once they are done; throws when they failed. */
  strike: (words: string) => Promise<void>;
}>;

export { dataDirectory };
export const address = '10.77.0.50';
export const budget = { budgetMs: 60_000 };

/** Nothing is up yet: whoever is measured brings it up and keeps it so. */
export async function openFaultBench(lab: Lab): Promise<FaultBench> {
  const node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  const { device } = await lab.addDisk({ name: 'pg', sizeMb: 192 });
  const spare = await lab.addDisk({ name: 'spare', sizeMb: 16 });
  await preparePostgres(node, { device, mountPoint: '/srv/pg', dataDirectory });
  const programs = await findPostgres();
  return { lab, node, programs, device, spare: spare.device, strike: openStrike(node) };
}

/**
 * Who looks whether something is back may look only after it is gone, or what was never broken would be back at once.
 */
function openStrike(node: LabNode): FaultBench['strike'] {
  let said = Promise.withResolvers<string>();
  const shell = node.start(['sh'], { keepInputOpen: true, onOutput: (text) => said.resolve(text.trim()) });
  void shell.ended.then(() => said.resolve('the shell has ended'));
  return async (words) => {
    said = Promise.withResolvers();
    await shell.write(`if ${words}; then echo done; else echo failed; fi\n`);
    const answer = await said.promise;
    if (answer !== 'done') throw new Error(`${words}: ${answer}`);
  };
}

/** A way to break something, in words for the shell, and how long a waiting shell waits for it to be back. */
export type FaultOf = Readonly<{
  name: string;
  words: (bench: FaultBench) => Promise<string>;
  untilServed: (bench: FaultBench) => Promise<void>;
}>;

/** What the supervisors of processes and the cluster managers repair too. */
export const sharedFaults = {
  killed: { name: 'PostgreSQL killed', words: killPostmaster, untilServed: answers },
  address: {
    name: 'address deleted',
    words: async () => `ip address del ${address}/24 dev eth0`,
    untilServed: ({ node }) =>
      waitIn(node, `until ip -brief address show to ${address} | grep -q .; do :; done`),
  },
  unmounted: {
    name: 'file system unmounted',
    words: async () => 'umount /srv/spare',
    untilServed: ({ node }) => waitIn(node, 'until mountpoint -q /srv/spare; do :; done'),
  },
} as const satisfies Record<string, FaultOf>;

export async function killPostmaster({ node }: FaultBench): Promise<string> {
  return `kill -KILL ${await postmaster(node)}`;
}

export async function freezePostmaster({ node }: FaultBench): Promise<string> {
  return `kill -STOP ${await postmaster(node)}`;
}

/** A client that asks until it is answered, each time by a connection of its own. */
export async function answers({ lab, programs }: FaultBench): Promise<void> {
  const ask = `until ${programs}/psql -h ${address} -U postgres -XAtc 'select 1' >/dev/null 2>&1; do :; done`;
  await must(lab.client.run(['sh', '-c', ask], budget));
}

/** Breaks it, and answers how long it was not there. */
export async function faultUntilServed(bench: FaultBench, fault: FaultOf): Promise<number> {
  const words = await fault.words(bench);
  const begunAt = performance.now();
  await bench.strike(words);
  await fault.untilServed(bench);
  return performance.now() - begunAt;
}

export async function postmaster(node: FaultBench['node']): Promise<number> {
  const first = await node.run(['head', '-n', '1', `${dataDirectory}/postmaster.pid`], budget);
  return Number(first.stdout);
}

/** Nothing tells of a fault but a check: it happens at any moment between two of them, and not before `afterMs`. */
export function someMoment(withinMs: number, afterMs = 0): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, afterMs + Math.random() * withinMs));
}

export async function must<Result extends { ok: boolean; says: string; stdout: string; stderr: string }>(
  running: Promise<Result>,
): Promise<Result> {
  const result = await running;
  if (!result.ok) throw new Error([result.says, result.stdout, result.stderr].join('\n').trim());
  return result;
}

async function waitIn(node: FaultBench['node'], script: string): Promise<void> {
  await must(node.run(['sh', '-c', script], budget));
}
