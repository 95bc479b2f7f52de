import { readFile } from 'node:fs/promises';
import { type Status, status as statusSchema } from '@holdfast/core';
import type { AgentPorts } from '../index.ts';

/** What an agent tells that cannot begin yet: how things stood when its store was last read, and who answers now. */
export type WaitingStatus = Readonly<{ read: () => Status }>;

/** `file`: the status that the life before this one left. */
export async function waitingStatus(
  file: string,
  { identity, peers, storeStatus, kits }: AgentPorts,
  startedAt: number,
): Promise<WaitingStatus> {
  const earlier = await readEarlier(file);
  const { node, version, pid } = identity;
  const known = earlier?.nodes ?? [{ name: node, state: 'ALIVE' as const, mode: 'active' as const }];
  return {
    read: () => ({
      ...(earlier ?? { hierarchies: [], resources: [], generation: 0 }),
      schema: 'holdfast.status/1',
      node,
      at: Date.now(),
      agent: { version, pid, startedAt, phase: 'starting' },
      nodes: known.map(({ name, mode }) => ({
        name,
        mode,
        // Who is alive is for the store to say; what each answers directly stands beside it.
        state: name === node ? ('ALIVE' as const) : ('UNKNOWN' as const),
        ...(name === node ? {} : peers?.(name as typeof node)),
      })),
      quorum: { isThere: false, says: 'the store does not answer: nothing is begun before it does' },
      ...(storeStatus === undefined ? {} : { store: storeStatus() }),
      kits: kits.reports().map((report) => ({ ...report })),
      operations: [],
      lastKnown: {
        ...(earlier === undefined ? {} : { at: earlier.lastKnown?.at ?? earlier.at }),
        says: 'the store does not answer, so this agent could not begin',
      },
    }),
  };
}

async function readEarlier(file: string): Promise<Status | undefined> {
  try {
    return statusSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // None was left, or a newer version did: then nothing is known.
    return undefined;
  }
}
