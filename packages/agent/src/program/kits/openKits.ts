import type { NodeName } from '@holdfast/core';
import { findKit, type KitRefusal, loadFoundKit, refuseIntruder } from '@holdfast/kit';
import type { Log } from '../../index.ts';
import type { DeathLimits } from './deathLimit.ts';
import { type Opened, openForeignKit } from './foreignKit.ts';
import { KitTable, type RefusedKit } from './kitTable.ts';
import { ownKit } from './ownKit.ts';

/** A kit as agent.yaml names it. */
export type NamedKit = Readonly<{ kit: string; trusted: boolean }>;

export type KitsGiven = Readonly<{
  named: readonly NamedKit[];
  /** Paths and packages are looked for from here: the folder of agent.yaml. */
  from: string;
  node: NodeName;
  log: Log;
  loadWithinMs?: number;
  deathLimits?: DeathLimits;
  graceMs?: number;
}>;

/** A kit that was refused is tried again when something of its type is to be checked, but not more often than this. */
const retryAfterMs = 60_000;

/**
 * Opens the kits that are named, all at the same time: our own in this thread, each other one in a thread of its own. A
 * kit that is refused keeps no other from being used: what it would serve is shown with the reason.
 */
export async function openKits(given: KitsGiven): Promise<KitTable> {
  let triedAt = performance.now();
  let trying: Promise<void> | undefined;
  const table: KitTable = new KitTable({
    order: given.named.map(({ kit }) => kit),
    retry: () => {
      const refused = given.named.filter(({ kit }) =>
        table.reports().some(({ name, state }) => name === kit && state === 'refused'),
      );
      if (trying === undefined && refused.length > 0 && performance.now() - triedAt >= retryAfterMs) {
        triedAt = performance.now();
        trying = openAll(table, refused, given).finally(() => {
          trying = undefined;
        });
      }
      return trying ?? Promise.resolve();
    },
  });
  await openAll(table, given.named, given);
  return table;
}

async function openAll(table: KitTable, named: readonly NamedKit[], given: KitsGiven): Promise<void> {
  const { log } = given;
  const opened = await Promise.all(named.map(async (one) => ({ one, opened: await open(one, given) })));
  for (const { one, opened: result } of opened) {
    if (!result.ok) refuse({ name: one.kit, thread: threadOf(one), refusals: result.refusals });
    else {
      const { host } = result;
      const other = table.hostOf(host.facts.type);
      if (other === undefined) table.add(host);
      else {
        await host.close();
        const taken = typeTaken(one.kit, host.facts.type, other.name);
        refuse({ name: one.kit, thread: host.thread, type: host.facts.type, refusals: [taken] });
      }
    }
  }

  function refuse(kit: RefusedKit): void {
    table.refuse(kit);
    for (const refusal of kit.refusals)
      log.error(
        { event: 'kit-refused', kit: kit.name, ...refusal },
        `${refusal.what}: ${refusal.why}; ${refusal.todo}`,
      );
  }
}

async function open({ kit: name, trusted }: NamedKit, given: KitsGiven): Promise<Opened> {
  const { from, node, log } = given;
  const finding = findKit(name, { from });
  if (!finding.ok) return finding;
  const { found } = finding;
  const intruders = found.isOurs ? [] : refuseIntruder(found);
  if (intruders.length > 0) return { ok: false, refusals: intruders };
  // A script kit has nothing of its own in this thread: it starts programs, within their budgets.
  if (!found.isOurs && !found.isScript && !trusted) {
    return openForeignKit({ loadWithinMs: 10_000, ...given, found });
  }
  const loaded = await loadFoundKit(found);
  return loaded.ok ? { ok: true, host: ownKit({ name, kit: loaded.kit, node, log }) } : loaded;
}

/** For a kit that was refused: where it would have lived. */
function threadOf({ kit, trusted }: NamedKit): 'agent' | 'own' {
  return trusted || /^(@holdfast\/kit-|[^./@][^/]*$)/.test(kit) ? 'agent' : 'own';
}

function typeTaken(name: string, type: string, other: string): KitRefusal {
  return {
    code: 'KIT_TYPE_TAKEN',
    what: `The kit ${name} serves a type that is taken`,
    why: `${other} serves ${type} already`,
    todo: 'take one of the two out of agent.yaml, or change the type of one',
  };
}
