import { type LabFence, startFence } from '../fence/startFence.ts';
import type { LabNode } from '../labHost.ts';
import type { Name, Trio } from './trio.ts';

/** Where the secret of the switch is on each node. */
export const secretFile = '/etc/holdfast/switch.password';

const password = 'lab';

/** The power switch of the lab, and what a node needs to use it. It ends with this process. */
export function openPowerSwitch(trio: Trio): Readonly<{
  fence: LabFence;
  prepare: (node: LabNode) => Promise<void>;
}> {
  const fence = startFence(trio.lab, { password, onOff: (name) => trio.forget(name as Name) });
  return {
    fence,
    prepare: async (node) => {
      await fence.wire(node);
      // Where the agents of fence-agents are, and root's own, whoever has this checkout.
      await node.writeFile('/usr/sbin/fence_lab', `#!/bin/sh\nexec '${fence.agent}'\n`, 0o755);
      await node.writeFile(secretFile, `${password}\n`, 0o600);
    },
  };
}
