import { dataDirectory, HolderWatch, lostRows, type Name, type Outside, otherOf } from '@holdfast/lab';
import { type Figure, figureOf } from '../measure.ts';
import type { Row, Subject } from './subject.ts';

/** What one kind of fault cost in all its turns. */
export type Seen = Readonly<{ outage: Figure; others: readonly Figure[] }>;

type Given = Readonly<{
  subject: Subject;
  outside: Outside;
  row: Row;
  runs: number;
  /** Put behind the name of the row. */
  called?: string;
}>;

type Turn = Readonly<{
  outageMs: number;
  rows: readonly number[];
  doubles: number;
  looks: number;
  left: number;
}>;

/** Lets it happen again and again, each time to the node that has the service then. */
export async function measureRow({ subject, outside, row, runs, called = '' }: Given): Promise<Seen> {
  const turns: Turn[] = [];
  const warmUps = row.warmUps ?? 0;
  for (let turn = 0; turn < warmUps + runs; turn += 1) {
    const seen = await once(subject, outside, row);
    if (turn >= warmUps) turns.push(seen);
  }
  const name = `${row.name}${called}`;
  const sum = (of: (turn: Turn) => number): number => turns.reduce((total, turn) => total + of(turn), 0);
  const outage = figureOf(
    `${name}: outage`,
    turns.map(({ outageMs }) => outageMs),
  );
  const others = [
    countOf(
      `${name}: two nodes held it`,
      'looks',
      sum(({ doubles }) => doubles),
      sum(({ looks }) => looks),
    ),
    countOf(
      `${name}: left behind`,
      'nodes',
      sum(({ left }) => left),
      turns.length,
    ),
  ];
  if (!outside.writes) return { outage, others };
  const rows = turns.flatMap(({ rows }) => rows);
  const lost = countOf(
    `${name}: rows lost`,
    'acknowledged rows',
    (await lostRows(subject.trio.lab, subject.address, rows)).length,
    rows.length,
  );
  return { outage, others: [lost, ...others] };
}

async function once(subject: Subject, outside: Outside, row: Row): Promise<Turn> {
  const { trio, address } = subject;
  await outside.answered(now());
  const [owner] = trio.holders(address);
  const next = row.stays === true ? owner! : otherOf(owner!);
  const watch = new HolderWatch(trio, address);
  try {
    const at = now();
    await row.strike(subject, owner!);
    await until(() => trio.holders(address).includes(next), `${next} has it`);
    await outside.answered(now());
    await row.mend?.(subject, owner!);
    await outside.answered(now());
    const left = (await leftBehind(subject, otherOf(next))) ? 1 : 0;
    const rows = outside.since(at).map(({ number }) => number);
    return { outageMs: outside.longestGap(at), rows, doubles: watch.doubles, looks: watch.looks, left };
  } finally {
    watch.end();
  }
}

/** Whether a node that does not have the service has anything of it. */
async function leftBehind({ trio, address }: Subject, node: Name): Promise<boolean> {
  if (trio.holders(address).includes(node)) return true;
  const servers = await trio.node(node).run(['pgrep', '-f', `-D ${dataDirectory}`], { budgetMs: 10_000 });
  return servers.ok;
}

function countOf(name: string, of: string, value: number, n: number): Figure {
  return { ...figureOf(name, [value], of), n };
}

async function until(isSo: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`not within 60 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
