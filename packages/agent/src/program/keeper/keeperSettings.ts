import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { EtcdStoreSettings } from '../cluster/storeSettings.ts';

/**
 * How a keeper is started: its one argument. Files are named and not quoted, so that no secret is among its arguments.
 * The settings of the store come from an agent, which has checked them.
 */
export const keeperSettings = z.object({
  socket: z.string(),
  node: z.string(),
  boot: z.string(),
  store: z.custom<EtcdStoreSettings>((value) => typeof value === 'object' && value !== null),
});
export type KeeperSettings = z.output<typeof keeperSettings>;

/** The same for the same settings. */
export function digestOf(settings: KeeperSettings): string {
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 16);
}
