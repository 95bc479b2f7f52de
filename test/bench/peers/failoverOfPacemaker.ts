import { findPostgres, type Name, names, Trio } from '@holdfast/lab';
import { type Row, type Subject, sharedRows } from '../failover/subject.ts';
import { address, budget, must } from '../faults.ts';
import { bringPeer } from './bringPeer.ts';
import { databaseGroup } from './pacemaker.ts';
import { joinPacemaker, startPacemaker, steerFrom } from './pacemakerCluster.ts';

/**
 * The same three nodes, disk, database and address under Pacemaker and corosync: a token of 1 s, monitors each second,
 * no fencing, the third node votes and takes nothing, and what has moved stays where it is. Answers why when that can
 * not be had here.
 */
export async function withPacemakerOfThree<Result>(
  use: (subject: Subject, rows: readonly Row[]) => Promise<Result>,
): Promise<Readonly<{ ok: true; value: Result } | { ok: false; why: string }>> {
  const why = await bringPeer('pacemaker');
  if (why !== undefined) return { ok: false, why };
  const trio = await Trio.open();
  try {
    const cluster = await startPacemaker(trio.all());
    await cluster.configure('rsc_defaults', stickiness);
    const group = databaseGroup({ device: trio.device, programs: await findPostgres() }, 1_000);
    const standby = ['crm_attribute', '--node', 'voter', '--name', 'standby', '--update', 'on'] as const;
    await must(trio.voter.run(standby, budget));
    await cluster.configure('resources', `<resources>${group}</resources>`);
    await cluster.settle();
    return { ok: true, value: await use(subjectOf(trio), [sharedRows.move, sharedRows.powerCut]) };
  } catch (error) {
    return { ok: false, why: `Pacemaker: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    await trio.lab.close();
  }
}

function subjectOf(trio: Trio): Subject {
  const { settle } = steerFrom(trio.voter);
  return {
    trio,
    address,
    move: async (to: Name) => {
      const resource = (...words: string[]) =>
        must(trio.node(to).run(['crm_resource', '--resource', 'db', ...words], budget));
      await resource('--move', '--node', to);
      await settle();
      // The wish would last, and take it back after a failover.
      await resource('--clear');
      await settle();
    },
    rejoin: async (name) => {
      await joinPacemaker(await trio.replace(name), [...names.map((one) => trio.node(one)), trio.voter]);
      await settle();
    },
  };
}

const stickiness =
  '<rsc_defaults><meta_attributes id="defaults"><nvpair id="stickiness" name="resource-stickiness" value="100"/></meta_attributes></rsc_defaults>';
