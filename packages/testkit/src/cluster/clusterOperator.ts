import { type Configuration, commandRequest, type Intent, type Tag } from '@holdfast/core';
import type { Random } from '../simulate/random.ts';
import type { ClusterNode } from './clusterNode.ts';
import type { SimulatedEtcd } from './simulatedEtcd.ts';

type Given = Readonly<{
  random: Random;
  etcd: SimulatedEtcd;
  nodes: readonly ClusterNode[];
  configuration: () => Configuration;
  isCalm: () => boolean;
  tell: (line: string) => void;
  violate: (what: string) => void;
}>;

type Answer = Readonly<{ ok: boolean; problems?: readonly { code: string }[] }>;

/** A person on any node, who changes their mind. An answer that does not come, because the agent died, is no answer. */
export class ClusterOperator {
  readonly #given: Given;

  constructor(given: Given) {
    this.#given = given;
  }

  apply(document: unknown): void {
    this.#ask('apply', (node) => node.agent!.apply({ document, dryRun: false, by: 'operator' }));
  }

  /** Something that comes to mind. */
  act(tag: Tag): void {
    const { random } = this.#given;
    const draw = random.fraction();
    if (draw < 0.4) this.restore(tag);
    else if (draw < 0.6) this.#move(tag);
    else if (draw < 0.85) this.#remove(tag);
    else if (draw < 0.93) this.#pause(tag);
    else this.#resume(tag);
  }

  restore(tag: Tag, on?: ClusterNode): void {
    if (!this.#isSure(tag)) return;
    const parents = this.#given.random.often(0.8);
    this.#command(`restore ${tag}`, { action: 'restore', tag, parents }, on);
  }

  /** With everybody well, everything that is wanted is asked for once more, where its claim is. */
  askAgain(): void {
    const { configuration, etcd, nodes } = this.#given;
    for (const tag of configuration().resources.keys()) {
      const intent = etcd.valueOf(`intent/${tag}`) as Intent | undefined;
      if (intent?.want === 'inService') this.restore(tag, this.#ownerOf(tag) ?? nodes[0]);
      else
        this.#command(
          `remove ${tag}`,
          { action: 'remove', tag, reach: 'above' },
          this.#ownerOf(tag) ?? nodes[0],
        );
    }
  }

  /** Where anything is paused, and somebody is there to be asked. */
  resumeAll(): void {
    if (this.#given.etcd.snapshot('pause/').entries.length === 0) return;
    const on = this.#given.nodes.find(({ agent }) => agent?.status().agent.phase === 'running');
    if (on === undefined) return;
    this.#ask('resume all', (node) => node.agent!.pauses.resume({ scope: 'node', by: 'operator' }), on);
  }

  /**
   * To ask for what waits for a person says that its node is down: nobody says so of one that only sleeps, or that was taken for
   * gone and is up.
   */
  #isSure(tag: Tag): boolean {
    const { etcd, nodes, isCalm } = this.#given;
    if (isCalm()) return true;
    const owner = this.#ownerOf(tag);
    const session = etcd.valueOf(`session/${owner?.name}`) as { endedBy?: string } | undefined;
    const isTakenForGone = session?.endedBy !== undefined && owner?.machine.isUp === true;
    return !isTakenForGone && nodes.every(({ machine }) => !machine.isFrozen);
  }

  #ownerOf(tag: Tag): ClusterNode | undefined {
    const { etcd, nodes } = this.#given;
    const hierarchies = (etcd.valueOf('hierarchies') ?? []) as { id: string; tags: string[] }[];
    const id = hierarchies.find(({ tags }) => tags.includes(tag))?.id;
    const claim = etcd.valueOf(`claim/${id}`) as { node: string } | undefined;
    return nodes.find(({ name }) => name === claim?.node);
  }

  #move(tag: Tag): void {
    if (!this.#isSure(tag)) return;
    const { name } = this.#given.random.pick(this.#given.nodes);
    this.#command(`move ${tag} to ${name}`, { action: 'restore', tag, node: name });
  }

  #remove(tag: Tag): void {
    const reach = this.#given.random.pick(['above', 'only', 'whole'] as const);
    this.#command(`remove ${tag} (${reach})`, { action: 'remove', tag, reach });
  }

  #pause(tag: Tag): void {
    const scope = this.#given.random.pick(['resource', 'hierarchy'] as const);
    this.#ask(`pause ${tag}, ${scope}`, (node) =>
      node.agent!.pauses.pause({ tag, scope, why: 'work', by: 'operator' }),
    );
  }

  #resume(tag: Tag): void {
    this.#ask(`resume ${tag}`, (node) =>
      node.agent!.pauses.resume({ tag, scope: 'hierarchy', by: 'operator' }),
    );
  }

  #command(what: string, request: object, on?: ClusterNode): void {
    this.#ask(
      what,
      (node) => node.agent!.requests.command(commandRequest.parse({ by: 'operator', ...request })),
      on,
    );
  }

  #ask(
    what: string,
    ask: (node: ClusterNode) => Promise<Answer>,
    on = this.#given.random.pick(this.#given.nodes),
  ): void {
    const { tell, violate } = this.#given;
    const { agent, process, name } = on;
    tell(`operator on ${name}: ${what}${agent === undefined ? ': no agent is there' : ''}`);
    if (agent === undefined || process === undefined) return;
    process.deliver(() => {
      ask(on).then(
        ({ ok, problems }) => {
          if (!process.isDead)
            tell(
              `operator on ${name}: ${what}: ${ok ? 'accepted' : `refused: ${problems?.map(({ code }) => code)}`}`,
            );
        },
        (error: unknown) => {
          if (!process.isDead && !isOfTheStore(error)) violate(`${what} threw: ${(error as Error).stack}`);
        },
      );
    });
  }
}

function isOfTheStore(error: unknown): boolean {
  return ['SessionLost', 'StoreFailed', 'StoreUnreachable', 'Overtaken'].includes(
    (error as Error).constructor.name,
  );
}
