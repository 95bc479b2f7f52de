import { HoldfastCluster } from '../../cluster/holdfastCluster.ts';
import { Outside } from '../../cluster/outside.ts';
import { openPowerSwitch } from '../../cluster/powerSwitch.ts';
import { names, Trio } from '../../cluster/trio.ts';
import { leaveAgentRunning } from '../leaveAgentRunning.ts';
import type { Tell } from '../tell.ts';
import { address } from './document.ts';
import {
  bringIntoService,
  comeBack,
  cutThePower,
  moveAsPlanned,
  type Stage,
  takeFencesOut,
  takeOutOfService,
} from './story.ts';

/** The times of the tests of clusters: a machine that is busy would lose its right to act with those of the preset. */
const wideTimes = { right: '3s', drop: '2s', margin: '750ms' };

const tooQuick = `An agent was held up and lost its right to act. On a machine that has other work:
  npm run demo -- --nodes 2 --unhurried`;

/** Two nodes and a third that only votes: a planned move, and a power cut of the owner. */
export const tellTwoNodes: Tell = async (lab, print, { keep, unhurried }) => {
  print.say(`The lab: nodes alpha at 10.77.0.2 and beta at 10.77.0.3, a small third that only
votes at 10.77.0.4, and a client at 10.77.0.1, each a set of kernel namespaces.
A disk that alpha and beta can mount has a PostgreSQL database on it, not
running. etcd runs on all three (heartbeat 20 ms, election 200 ms), and an agent
of Holdfast on alpha and on beta.`);
  const trio = await Trio.open(lab);
  const times = unhurried ? { times: wideTimes } : {};
  const { fence, prepare } = openPowerSwitch(trio);
  const cluster = await HoldfastCluster.open(trio, { store: times, prepare });
  const stage: Stage = { trio, cluster, fence, print };
  try {
    await tell(stage, keep);
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    const log = cluster.log();
    const hint = log.includes('"right-lost"') && !unhurried ? `\n${tooQuick}` : '';
    throw new Error(`${says}\n${log}${hint}`);
  }
  await cluster.stop();
  fence.close();
  if (!keep) return [];
  await Promise.all(names.map((name) => leaveAgentRunning(trio.node(name))));
  return [...names.map((name) => trio.node(name)), trio.voter];
};

async function tell(stage: Stage, keep: boolean): Promise<void> {
  const { trio, print } = stage;
  await bringIntoService(stage);
  print.say('From now on a client writes one row after the other through the address.');
  const outside = await Outside.writer({ trio, address });
  await outside.answered(0);
  const served = { ...stage, outside };
  await moveAsPlanned(served);
  await comeBack(served, await cutThePower(served));
  outside.end();
  await (keep ? takeFencesOut(stage) : takeOutOfService(stage));
}
