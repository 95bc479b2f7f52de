import { join } from 'node:path';
import { type Lab, type LabEtcd, openLab, startEtcd } from '@holdfast/lab';
import { storeConformance } from '@holdfast/store/conformance';
import { openEtcdStore } from '@holdfast/store/etcd';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

let lab: Lab;
let etcd: LabEtcd;
let runs = 0;
const answers = new Map<string, string | undefined>();

beforeAll(async () => {
  lab = await openLab();
  etcd = await startEtcd(lab, { heartbeatMs: 20, electionMs: 200 });
  const program = join(import.meta.dirname, 'programs/etcdConformance.ts');
  const { stdout, says } = await lab.client.run(
    [process.execPath, program, JSON.stringify({ endpoints: etcd.endpoints })],
    { budgetMs: 25_000 },
  );
  for (const line of stdout.trim().split('\n').filter(Boolean)) {
    const { name, why } = JSON.parse(line) as { name: string; why?: string };
    answers.set(name, why ?? 'holds');
  }
  if (answers.size === 0) throw new Error(says);
});
afterAll(async () => {
  await lab?.close();
});

describe('the store over etcd', () => {
  // The suite has run inside the lab, where etcd is reached; here each rule is told.
  const told = (name: string): void => {
    test(name, () => expect(answers.get(name)).toBe('holds'));
  };
  storeConformance(told, { open: async () => openEtcdStore({ endpoints: [...etcd.endpoints] }) });
  told('more operations than etcd takes are refused before they are sent');
  told('a watch from before a compaction is told so');
  told('a member that has vanished and one that refuses cost less than a second');
  told('without any member it is told within the time that nothing was written');
});

describe('while etcd breaks, nothing acknowledged is lost, nothing is committed twice, the watch is whole', () => {
  test('its leader is killed', async () => {
    const seen = await whileWriting(async () => {
      const old = await etcd.leader();
      await old.kill();
      await etcd.leader({ not: old });
      await old.start();
      await allThere();
    });
    expect(seen.wrong).toEqual([]);
  });

  test('its leader is stopped, another is elected, and the first goes on', async () => {
    const seen = await whileWriting(async () => {
      const old = await etcd.leader();
      old.stop();
      await etcd.leader({ not: old });
      old.resume();
      await allThere();
    });
    expect(seen.wrong).toEqual([]);
    expect(seen.longestCallMs).toBeLessThan(2_000);
  });

  test('its leader is cut off from the other members, and clients still reach it', async () => {
    const seen = await whileWriting(async () => {
      const old = await etcd.leader();
      await old.partition('members');
      await etcd.leader({ not: old });
      await old.heal();
      await allThere();
    });
    expect(seen.wrong).toEqual([]);
  });

  test('its leader does what it is asked for, and its answers are lost', async () => {
    const seen = await whileWriting(async () => {
      const { revision } = (await etcd.status())[0]!;
      const old = await etcd.leader();
      await old.partition('answers');
      // What was committed unheard stops that writer for its time; the others go on.
      for (let tries = 0; tries < 100; tries += 1)
        if ((await etcd.status()).some((member) => member.revision > revision + 100)) break;
      await old.heal();
      await allThere();
    });
    expect(seen.wrong).toEqual([]);
    expect(seen.committedUnknown).toBeGreaterThan(0);
  });
});

type Seen = Readonly<{
  wrong: readonly string[];
  acknowledged: number;
  committedUnknown: number;
  longestGapMs: number;
  longestCallMs: number;
}>;

/** Writes, reads and watches inside the lab while something happens to etcd. */
async function whileWriting(happens: () => Promise<void>): Promise<Seen> {
  const program = join(import.meta.dirname, 'programs/etcdUnderFaults.ts');
  runs += 1;
  const options = {
    endpoints: etcd.endpoints,
    prefix: `/faults/${runs}/`,
    suspectAfterMs: 100,
    progressEveryMs: 100,
  };
  let said = '';
  const { promise: isReady, resolve } = Promise.withResolvers<void>();
  const started = lab.client.start([process.execPath, program, JSON.stringify(options)], {
    keepInputOpen: true,
    onOutput: (text) => {
      said += text;
      if (said.includes('ready\n')) resolve();
    },
  });
  await Promise.race([isReady, started.ended]);
  await happens();
  started.closeInput();
  const { stderr } = await started.ended;
  const line = said.split('\n').find((one) => one.startsWith('{'));
  if (line === undefined) throw new Error(stderr);
  if (process.env.HOLDFAST_TELL === '1') process.stderr.write(`${line}\n`);
  return JSON.parse(line) as Seen;
}

async function allThere(): Promise<void> {
  await etcd.leader();
  for (let tries = 0; tries < 100; tries += 1) if ((await etcd.status()).length === 3) return;
  throw new Error('a member did not come back');
}
