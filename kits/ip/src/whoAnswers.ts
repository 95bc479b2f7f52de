import { createSocket } from 'node:dgram';
import { type KitCall, waitUntil } from '@holdfast/kit';

const answersWithinMs = 300;

/**
 * The hardware address of the host that has an IPv6 address, when this node does not: a datagram makes the kernel look
 * for it. Undefined when it cannot be found, such as when this node has no other address in the subnet.
 */
export async function whoAnswers(
  call: Pick<KitCall<unknown>, 'run' | 'signal'>,
  { host, device }: { host: string; device: string },
): Promise<string | undefined> {
  const socket = createSocket('udp6');
  // It is refused where no route leads there; then there is nobody to name.
  socket.on('error', () => undefined);
  socket.send('', discardPort, host, () => undefined);
  try {
    return await waitUntil(
      async () => {
        const shown = await call.run(['ip', '-json', 'neigh', 'show', 'to', host, 'dev', device], {
          budgetMs: 1_000,
        });
        return /"lladdr":"([^"]+)"/.exec(shown.stdout)?.[1];
      },
      { withinMs: answersWithinMs, signal: call.signal },
    );
  } finally {
    socket.close();
  }
}

/** Nobody listens there, and nobody needs to. */
const discardPort = 9;
