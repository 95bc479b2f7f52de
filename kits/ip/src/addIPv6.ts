import { done, failed, type KitCall, type Outcome } from '@holdfast/kit';
import type { Manner } from './addIPv4.ts';
import { holdSetting, holdSettings } from './holdSetting.ts';
import { splitAddress } from './readAddress.ts';
import type { readIPv6State } from './readIPv6State.ts';
import type { Link } from './readLinks.ts';
import type { Settings } from './settings.ts';
import { waitForKernel } from './waitForKernel.ts';
import { whoAnswers } from './whoAnswers.ts';

/**
 * For IPv6 the kernel asks, as it must for each address. `ip` is done before the kernel is: the address serves only
 * when it is no longer tentative, and stays there unused when another host has it.
 */
export async function addIPv6(call: KitCall<Settings>, link: Link, manner: Manner): Promise<Outcome> {
  if (manner === 'ask-nobody' || call.settings.duplicateCheckMs === 0 || !link.asksNeighbours) {
    const problem = await add(call, link, ['nodad']);
    return problem ?? doneSaying(call, link, 'nobody was asked whether it is taken');
  }
  if (manner === 'ask-afterwards') return (await addOptimistic(call, link)) ?? addPatient(call, link);
  return addPatient(call, link);
}

/**
 * Uses the address at once while the kernel asks. If another host answers, the kernel stops using it, and the next
 * check, which that event brings forward, says so. Undefined where the kernel cannot.
 */
async function addOptimistic(call: KitCall<Settings>, link: Link): Promise<Outcome | undefined> {
  const allowed = holdSetting(`/proc/sys/net/ipv6/conf/${link.name}/optimistic_dad`, '1');
  if (!allowed.ok) return undefined;
  try {
    const problem = await add(call, link, ['optimistic']);
    return (
      problem ?? doneSaying(call, link, 'it was here a moment ago; the kernel asks other hosts meanwhile')
    );
  } finally {
    allowed.release();
  }
}

/**
 * The kernel would wait a random part of a second before it asks, so that machines that start together do not ask
 * together; that is no concern of one address. It tells the neighbours itself when it is done, where it is told to.
 */
async function addPatient(call: KitCall<Settings>, link: Link): Promise<Outcome> {
  const { host } = splitAddress(call.settings.address);
  const folder = `/proc/sys/net/ipv6/conf/${link.name}`;
  const putBack = holdSettings({
    [`${folder}/router_solicitation_delay`]: '0',
    [`${folder}/ndisc_notify`]: '1',
  });
  try {
    const problem = await add(call, link, []);
    if (problem !== undefined) return problem;
    return await judge(call, link, await waitForKernel(call, { host, device: link.name }));
  } finally {
    putBack();
  }
}

/** What became of an address that the kernel asked for; takes away what may not stay. */
export async function judge(
  call: KitCall<Settings>,
  link: Link,
  state: Awaited<ReturnType<typeof readIPv6State>>,
): Promise<Outcome> {
  const { address } = call.settings;
  const { host } = splitAddress(address);
  if (state === 'usable') return doneSaying(call, link, 'no other host answers for it');
  if (state === 'gone')
    return failed(`${host} vanished while the kernel asked for it`, 'see who takes it away');
  // Left there, the kernel would go on to use a tentative one.
  await call.run(['ip', 'addr', 'del', address, 'dev', link.name], {
    budgetMs: 2_000,
    signal: AbortSignal.timeout(2_000),
  });
  if (state === 'tentative') {
    return failed(
      `the kernel has not said yet whether ${host} is taken`,
      `restore again; see what it asks on ${link.name}: ip -6 addr show dev ${link.name}`,
    );
  }
  const who = await whoAnswers(call, { host, device: link.name });
  return failed(
    `${host} is taken: ${who ?? 'another host'} answers for it`,
    'find that host and take the address from it, then restore again',
  );
}

/**
 * The newest address would become the source of every new connection of this node, of those too that have nothing to
 * do with this resource, and would take them along when it moves. Whoever binds to it still sends from it.
 */
const notAsSource = ['preferred_lft', '0'] as const;

async function add(
  call: KitCall<Settings>,
  { name }: Link,
  flags: readonly string[],
): Promise<Outcome | undefined> {
  const { address } = call.settings;
  if (call.signal.aborted) return failed('told to stop before it was added', 'restore again');
  const words = ['ip', '-6', 'addr', 'add', address, 'dev', name, ...flags, ...notAsSource] as const;
  const added = await call.run(words, { budgetMs: 5_000, signal: call.signal });
  if (added.ok) return undefined;
  return failed(added.says, `see what the kernel says: ip -6 addr add ${address} dev ${name}`);
}

function doneSaying({ settings }: KitCall<Settings>, { name }: Link, says: string): Outcome {
  return done(`${settings.address} added to ${name}; ${says}`);
}
