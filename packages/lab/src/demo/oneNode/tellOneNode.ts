import { findPostgres } from '../../findPostgres.ts';
import type { Lab } from '../../openLab.ts';
import { preparePostgres } from '../../preparePostgres.ts';
import { startAgent } from '../../startAgent.ts';
import { leaveAgentRunning } from '../leaveAgentRunning.ts';
import type { Printer } from '../printer.ts';
import type { Tell } from '../tell.ts';
import { inService, outOfService, type Stage } from './story.ts';

/** A node with a database, a client on the network, failures, and repairs. */
export const tellOneNode: Tell = async (lab, print, { keep }) => {
  const stage = await setTheStage(lab, print);
  for (const scene of inService) await scene(stage);
  if (keep) {
    await stage.agent.stop();
    await leaveAgentRunning(stage.node);
    await print.typed(stage.node, ['holdfast', 'status']);
    return [stage.node];
  }
  for (const scene of outOfService) await scene(stage);
  await stage.agent.stop();
  return [];
};

async function setTheStage(lab: Lab, print: Printer): Promise<Stage> {
  print.say(`The lab: a node alpha at 10.77.0.2 and a client at 10.77.0.1, each a set of kernel
namespaces; and a disk with a PostgreSQL database on it, not running.`);
  const node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  const { device } = await lab.addDisk({ name: 'pg', sizeMb: 192 });
  await preparePostgres(node, { device, mountPoint: '/srv/pg', dataDirectory: '/srv/pg/data' });
  const agent = await startAgent(node);
  return { lab, node, agent, device, programs: await findPostgres(), print };
}
