import type { StoreStatus } from '@holdfast/core';
import type { AskMembers } from '@holdfast/store/etcd';

const everyMs = 5_000;
/** An agent that begins has more urgent things to do: others may be about to take over from it. */
const firstAfterMs = 1_000;
const withinMs = 1_500;

export type WatchedStore = Readonly<{ status: () => StoreStatus; close: () => void }>;

/** Asks the members of the store how they are, for people. `onChange`: one came or went, or another leads. */
export function watchStore(
  endpoints: readonly string[],
  members: AskMembers,
  onChange: () => void,
): WatchedStore {
  let status: StoreStatus = {
    kind: 'etcd',
    members: endpoints.map((endpoint) => ({ endpoint, state: 'UNKNOWN', isLeader: false })),
  };
  let isClosed = false;
  const look = async (): Promise<void> => {
    const found = await members.ask(withinMs);
    const next: StoreStatus = { kind: 'etcd', members: found.map((one) => ({ ...one })) };
    const isNew = JSON.stringify(next) !== JSON.stringify(status);
    status = next;
    if (isClosed) return;
    if (isNew) onChange();
    timer = setTimeout(() => void look(), everyMs).unref();
  };
  let timer = setTimeout(() => void look(), firstAfterMs).unref();
  return {
    status: () => status,
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      members.close();
    },
  };
}
