import type { Started } from '@holdfast/kit';
import { type Name, names, otherOf, Trio } from '@holdfast/lab';
import { type Row, type Subject, sharedRows } from '../failover/subject.ts';
import { address, budget, must, someMoment } from '../faults.ts';
import { bringPeer } from './bringPeer.ts';

const pidFile = '/run/keepalived.pid';

/**
 * The same address, with nothing on it, kept by VRRP between the two nodes: it has no quorum, asks nobody and waits for
 * nobody, and takes over after three advertisements that did not come. What has moved stays where it is. Answers why
 * when that can not be had here.
 */
export async function withKeepalived<Result>(
  advertiseSeconds: number,
  use: (subject: Subject, rows: readonly Row[]) => Promise<Result>,
): Promise<Readonly<{ ok: true; value: Result } | { ok: false; why: string }>> {
  const why = await bringPeer('keepalived');
  if (why !== undefined) return { ok: false, why };
  const trio = await Trio.open();
  try {
    const keepalived = new Keepalived(trio, advertiseSeconds);
    await Promise.all(names.map((name) => keepalived.start(name)));
    return { ok: true, value: await use(keepalived.subject(), rowsOf(keepalived, advertiseSeconds)) };
  } catch (error) {
    return { ok: false, why: `keepalived: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    await trio.lab.close();
  }
}

class Keepalived {
  readonly #trio: Trio;
  readonly #advertiseSeconds: number;
  readonly #running = new Map<Name, Started>();

  constructor(trio: Trio, advertiseSeconds: number) {
    this.#trio = trio;
    this.#advertiseSeconds = advertiseSeconds;
  }

  async start(name: Name): Promise<void> {
    const node = this.#trio.node(name);
    await node.writeFile(
      '/etc/keepalived/keepalived.conf',
      configuration(name, this.#advertiseSeconds),
      0o600,
    );
    this.#running.set(
      name,
      node.start(['keepalived', '--dont-fork', '--vrrp', '--log-console', '--pid', pidFile]),
    );
  }

  subject(): Subject {
    return {
      trio: this.#trio,
      address,
      // It is asked for nothing: who is stopped in order says so, and the other takes over.
      move: async (to) => {
        const from = otherOf(to);
        // Its first process alone, as a service manager does: the other one says farewell when that asks it to end.
        await must(this.#trio.node(from).run(['pkill', '-TERM', '-F', pidFile], budget));
        await this.#running.get(from)!.ended;
      },
      rejoin: async (name) => {
        await this.#trio.replace(name);
        await this.start(name);
      },
    };
  }
}

function rowsOf(keepalived: Keepalived, advertiseSeconds: number): readonly Row[] {
  return [
    { ...sharedRows.move, mend: async (_, owner) => keepalived.start(owner) },
    {
      ...sharedRows.powerCut,
      strike: async (subject, owner) => {
        await someMoment(advertiseSeconds * 1_000);
        await sharedRows.powerCut.strike(subject, owner);
      },
    },
  ];
}

/** With a high priority the wait after the third advertisement that is missed is the shortest. */
function configuration(name: Name, advertiseSeconds: number): string {
  return `
global_defs {
  router_id ${name}
  vrrp_version 3
}
vrrp_instance bench {
  state BACKUP
  nopreempt
  interface eth0
  virtual_router_id 50
  priority ${name === 'alpha' ? 250 : 249}
  advert_int ${advertiseSeconds}
  virtual_ipaddress {
    ${address}/24 dev eth0
  }
}
`;
}
