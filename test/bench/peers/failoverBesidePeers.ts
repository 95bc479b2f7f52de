import { Outside } from '@holdfast/lab';
import { measureRow } from '../failover/measureRow.ts';
import { addressAlone, type Row, type Subject } from '../failover/subject.ts';
import { beside, type Figure, type Line } from '../measure.ts';
import { withKeepalived } from './failoverOfKeepalived.ts';
import { withPacemakerOfThree } from './failoverOfPacemaker.ts';

/** The same under other cluster managers, each in a lab of its own, with the client that counted for Holdfast. */
export async function* failoverBesidePeers(
  ours: ReadonlyMap<string, Figure>,
  runs: number,
): AsyncGenerator<Line> {
  const pacemaker = await withPacemakerOfThree(async (subject, rows) =>
    linesOf({ subject, outside: await Outside.writer(subject), rows, runs, peer: 'Pacemaker', ours }),
  );
  if (pacemaker.ok) yield* pacemaker.value;
  else yield { name: 'the same under Pacemaker', missing: pacemaker.why };

  for (const seconds of [1, 0.1]) {
    const peer = `keepalived, each ${seconds} s`;
    const keepalived = await withKeepalived(seconds, (subject, rows) =>
      linesOf({ subject, outside: Outside.pinger(subject), rows, runs, peer, ours, called: addressAlone }),
    );
    if (keepalived.ok) yield* keepalived.value;
    else yield { name: `the same under ${peer}`, missing: keepalived.why };
  }
}

type Given = Readonly<{
  subject: Subject;
  outside: Outside;
  rows: readonly Row[];
  runs: number;
  peer: string;
  ours: ReadonlyMap<string, Figure>;
  /** What follows the name of a row in ours. */
  called?: string;
}>;

async function linesOf({ subject, outside, rows, runs, peer, ours, called = '' }: Given): Promise<Line[]> {
  const lines: Line[] = [];
  for (const row of rows) {
    const name = `${row.name}${called}`;
    try {
      const seen = await measureRow({ subject, outside, row, runs, called: `${called}, ${peer}` });
      const own = ours.get(name);
      lines.push(own === undefined ? seen.outage : beside(seen.outage, own, 'Holdfast'), ...seen.others);
    } catch (error) {
      // A cluster that did not come back from it leaves nothing to go on with.
      const missing = error instanceof Error ? error.message : String(error);
      lines.push({ name: `${name}, ${peer}`, missing });
      break;
    }
  }
  outside.end();
  return lines;
}
