import type { ClusterStore, Entry } from '@holdfast/store';
import type { ZodType } from 'zod';
import {
  beatKeys,
  type HeldClaim,
  heldClaim,
  type SessionRecord,
  type Standing,
  sessionRecord,
} from './beatRecords.ts';

/** What a session of a node rests on when it begins. */
export type OwnFacts = Readonly<{
  before: Standing<SessionRecord> | undefined;
  claims: ReadonlyMap<string, Standing<HeldClaim>>;
  /** A newer version wrote the session that stands there: nothing begins over it. */
  isNotUnderstood: boolean;
}>;

/**
 * Reads the node's own session, and then every claim. That these are two moments does not matter: what begins is
 * conditioned on each record that it used. A claim that is not understood is left out, so nothing is adopted under it.
 */
export async function readOwn(store: ClusterStore, node: string): Promise<OwnFacts> {
  const sessions = await store.read(beatKeys.session(node));
  const claims = await store.read(beatKeys.claims);
  const entry = sessions.entries.find(({ key }) => key === beatKeys.session(node));
  const before = entry === undefined ? undefined : standing(entry, sessionRecord);
  return {
    before,
    claims: new Map(
      claims.entries.flatMap((one) => {
        const claim = standing(one, heldClaim);
        return claim === undefined ? [] : [[one.key.slice(beatKeys.claims.length), claim] as const];
      }),
    ),
    isNotUnderstood: entry !== undefined && before === undefined,
  };
}

function standing<Record>({ value, revision }: Entry, schema: ZodType<Record>): Standing<Record> | undefined {
  const read = schema.safeParse(value);
  return read.success ? { record: read.data, revision } : undefined;
}
