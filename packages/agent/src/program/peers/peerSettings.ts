import { z } from 'zod';
import { readAddress } from './address.ts';

const address = z
  .string()
  .transform((text, context) => {
    const read = readAddress(text);
    if (read !== undefined) return read;
    context.addIssue({ code: 'custom', message: `"${text}" is no HOST:PORT, such as 10.0.0.2:7700` });
    return z.NEVER;
  })
  .describe('HOST:PORT; an IPv6 address stands in brackets.');

const addressesMax = 8;
const peersMax = 64;

/** How the agents of a cluster reach each other: in agent.yaml, so that they do so also without the store. */
export const apiSettings = z.strictObject({
  listen: z.array(address).min(1).max(addressesMax).describe('Where other nodes reach this one.'),
  tls: z
    .strictObject({ ca: z.string().min(1), cert: z.string().min(1), key: z.string().min(1) })
    .describe(
      "Files with PEM: the authority of the cluster's nodes, and the certificate and key of this node. The certificate carries the name of the node.",
    ),
});
export type ApiSettings = z.output<typeof apiSettings>;

export const peersSettings = z
  .record(z.string().min(1), z.array(address).min(1).max(addressesMax))
  .refine((peers) => Object.keys(peers).length <= peersMax, `more than ${peersMax} nodes`)
  .describe(
    'The addresses of each node, best first. The same list may stand on every node: its own is passed over.',
  );
export type PeersSettings = z.output<typeof peersSettings>;
