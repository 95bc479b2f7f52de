import { readdir, readFile, readlink } from 'node:fs/promises';
import { listPids, readProcess } from '../processes.ts';
import { waitUntil } from '../waitUntil.ts';
import { type Bench, Broken } from './bench.ts';
import { bringUp } from './restoreRules.ts';

type Found = Readonly<{ pid: number; says: string }>;

/** What an action of the kit keeps of its own: a child of a check, or a service that still holds its output. */
export async function findKept(bench: Bench): Promise<readonly string[]> {
  if (await bench.serves()) await bench.must('remove', 'to begin with');
  const out = await keptByCheck(bench, 'out of service');
  const held = await outputHeldByRestore(bench);
  return [...out, ...held, ...(await keptByCheck(bench, 'in service'))];
}

async function keptByCheck(bench: Bench, when: string): Promise<readonly string[]> {
  const before = await processes();
  const { says, finding } = await bench.check();
  if (finding === undefined) throw new Broken(`${when} the check says ${says}`);
  const left = await stillAfterAMoment(async () => newSince(before));
  return left.map((one) => `quickCheck ${when} leaves ${one.says}`);
}

/** Our end of its output stays open as long as somebody has the other. */
async function outputHeldByRestore(bench: Bench): Promise<readonly string[]> {
  const before = await processes();
  const openBefore = new Set(await connectionsOf('self'));
  await bringUp(bench);
  const holders = await stillAfterAMoment(async () => {
    const isHeld = (await connectionsOf('self')).some((one) => !openBefore.has(one));
    if (!isHeld) return [];
    const talking = async (one: Found) => (await connectionsOf(String(one.pid), ['1', '2'])).length > 0;
    const started = await newSince(before);
    const answers = await Promise.all(started.map(talking));
    return started.filter((_, index) => answers[index]);
  });
  return holders.map(({ says }) => `after restore, ${says} holds its output`);
}

/** What is about to end is given a moment. */
async function stillAfterAMoment(look: () => Promise<readonly Found[]>): Promise<readonly Found[]> {
  let found: readonly Found[] = [];
  await waitUntil(
    async () => {
      found = await look();
      return found.length === 0 ? true : undefined;
    },
    { withinMs: 2_000 },
  );
  return found;
}

async function newSince(before: ReadonlyMap<string, Found>): Promise<readonly Found[]> {
  return [...(await processes())].filter(([key]) => !before.has(key)).map(([, found]) => found);
}

/** All that stands alone, or hangs on us without being what a kit started and keeps, such as a connection. */
async function processes(): Promise<ReadonlyMap<string, Found>> {
  const entries = (await Promise.all((await listPids()).map(readProcess))).filter((one) => one !== undefined);
  const here = new Set(entries.map(({ pid }) => pid));
  const alone = entries.filter(
    ({ pid, parent }) => pid !== process.pid && (parent === 1 || parent === process.pid || !here.has(parent)),
  );
  const kept = await Promise.all(
    alone.map(async (one) => one.parent === process.pid && (await leadsSession(one.pid))),
  );
  return new Map(
    alone
      .filter((_, index) => !kept[index])
      .map(({ pid, startedAt, name }) => [
        `${pid} ${startedAt}`,
        { pid, says: `the process ${pid} (${name})` },
      ]),
  );
}

/** As everything does that `start` starts. */
async function leadsSession(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[3]) === pid;
}

async function connectionsOf(pid: string, only?: readonly string[]): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fd`;
  const numbers = only ?? (await readdir(folder).catch((): string[] => []));
  const links = await Promise.all(numbers.map((number) => readlink(`${folder}/${number}`).catch(() => '')));
  return links.filter((link) => link.startsWith('pipe:') || link.startsWith('socket:'));
}
