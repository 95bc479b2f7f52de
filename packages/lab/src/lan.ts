import { run } from '@holdfast/kit';
import { LabError } from './labError.ts';
import { type LabHost, must } from './labHost.ts';

/** The one network of a lab, and the client's place in it. */
export const lan = { bridge: 'lan', client: '10.77.0.1', prefix: 24, network: '10.77.0.0/24' } as const;

const stepBudgetMs = 10_000;

/** Lays the network in the hub: a bridge, on which the client has its address. */
export async function layLan(hub: LabHost): Promise<void> {
  const bridge = ['ip', 'link', 'add', lan.bridge, 'type', 'bridge'] as const;
  // Without these a port learns for 15 s before it forwards, and multicast waits for a querier.
  await must(hub, [...bridge, 'forward_delay', '0', 'stp_state', '0', 'mcast_snooping', '0'], {
    budgetMs: stepBudgetMs,
  });
  await must(hub, ['ip', 'address', 'add', `${lan.client}/${lan.prefix}`, 'dev', lan.bridge], {
    budgetMs: stepBudgetMs,
  });
  await must(hub, ['ip', 'link', 'set', lan.bridge, 'up'], { budgetMs: stepBudgetMs });
}

/** The end of a node's cable at the bridge. */
export function portOf(node: LabHost): string {
  return `port-${node.pid}`;
}

/** Plugs a node into the network: one end of the cable is a port of the bridge, the other is the node's eth0. */
export async function plugIn(hub: LabHost, node: LabHost, address: string): Promise<void> {
  const port = portOf(node);
  // Only the hub's network namespace is entered: the pid behind `netns` is one of this machine. So both ends are
  // made inside the lab, and this machine never sees them.
  const made = await run(
    [
      ...(['nsenter', `--net=${hub.path('/proc/1/ns/net')}`, '--', 'ip', 'link', 'add', port] as const),
      ...['master', lan.bridge, 'up', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(node.pid)],
    ],
    { budgetMs: stepBudgetMs },
  );
  if (!made.ok) {
    throw new LabError({
      what: `${node.name} could not be plugged into the lab's network.`,
      why: made.says,
      todo: 'use a kernel with veth links and bridges',
      cause: made,
    });
  }
  await must(node, ['ip', 'address', 'add', `${address}/${lan.prefix}`, 'dev', 'eth0'], {
    budgetMs: stepBudgetMs,
  });
  await must(node, ['ip', 'link', 'set', 'eth0', 'up'], { budgetMs: stepBudgetMs });
}
