import { dataDirectory, type HoldfastCluster, type LabAgent } from '@holdfast/lab';
import { budget, must } from '../faults.ts';
import { forgetMs } from './openHoldfast.ts';
import { type Row, sharedRows } from './subject.ts';

/** What happens to the owner of a database. */
export function holdfastRows(cluster: HoldfastCluster): readonly Row[] {
  const { trio } = cluster;
  return [
    sharedRows.move,
    {
      name: 'PostgreSQL killed, and cannot be recovered',
      strike: async (_, owner) => {
        await must(trio.node(owner).run(['mv', programs, `${programs}-gone`], budget));
        await must(trio.node(owner).run(['pkill', '-KILL', '-F', `${dataDirectory}/postmaster.pid`], budget));
      },
      mend: async (_, owner) => {
        await must(trio.node(owner).run(['mv', `${programs}-gone`, programs], budget));
        // Who mended it says so: until the next round the node is known not to be ready.
        await must(trio.node(owner).run(['perform_action', '-t', 'pg', '-a', 'preflight'], budget));
        // Until then this node is not eligible, and the next turn would find no way out.
        await new Promise((resolve) => setTimeout(resolve, forgetMs));
      },
    },
    sharedRows.powerCut,
    {
      name: 'agent of the owner killed, started again',
      strike: async (_, owner) => {
        const agent = cluster.agent(owner);
        await agent.kill();
        await cluster.anotherAgent(owner, agent);
      },
      stays: true,
    },
    partition(cluster),
  ];
}

/** Its agent lets go of everything and ends; when the cable is in again, the next one joins. */
function partition(cluster: HoldfastCluster): Row {
  const { trio } = cluster;
  let agent: LabAgent;
  return {
    name: 'partition of the owner',
    strike: async (_, owner) => {
      agent = cluster.agent(owner);
      await trio.lab.plug(trio.node(owner), 'out');
    },
    mend: async (_, owner) => {
      await agent.ended;
      await trio.lab.plug(trio.node(owner), 'in');
      await cluster.anotherAgent(owner, agent);
    },
  };
}

/** Without them the server comes up no more on a node. */
const programs = '/usr/lib/postgresql';
