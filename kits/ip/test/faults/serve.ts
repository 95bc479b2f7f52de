import type { Bench, v4, v6 } from '../bench.ts';
import { expectAnswer } from './expect.ts';

export type Settings = typeof v4 | typeof v6;

/** The address is in service, and known to the client. */
export async function serve({ alpha, servedAfterMs }: Bench, settings: Settings): Promise<void> {
  expectAnswer(await alpha.act('restore', settings), 'done', 'added');
  await servedAfterMs(settings, alpha);
  expectAnswer(await alpha.act('quickCheck', settings), 'in-service');
}
