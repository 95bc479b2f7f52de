import {
  type FoundReady,
  foundReady,
  type NodeName,
  ok,
  type Problem,
  type Resource,
  type Result,
  refuse,
} from '@holdfast/core';
import type { Entry } from '@holdfast/store';
import { z } from 'zod';
import { askPreflight, preflightBudgetMs } from '../askPreflight.ts';
import { keys } from '../keys.ts';
import { OneByOne } from '../oneByOne.ts';
import type { AgentPorts } from '../ports.ts';
import { StoreFailed, type World } from '../world.ts';

/** What a node is asked to look at: resources as they would be, with the settings for that node. */
const askRecord = z.object({
  from: z.string().transform((node) => node as NodeName),
  resources: z.array(
    z.object({ tag: z.string(), type: z.string(), settings: z.record(z.string(), z.unknown()) }),
  ),
});
const answerRecord = z.object({ found: z.array(foundReady) });

type Asked = Pick<Resource, 'tag' | 'type' | 'settings'>;
type Given = Readonly<{ ports: AgentPorts; world: World }>;

/** The store carries it there and back. */
const carriageMs = 5_000;
const lookEveryMs = 50;
/** Asked for more at once, a node answers no sooner: who asks is told so. */
const openMax = 20;

/**
 * Asks other nodes whether they could run something, through the store: an ask is a record of the node that is asked, its
 * answer a record of the node that asks. Whoever asks takes both away again; what nobody waits for any more is not answered.
 */
export class Asks {
  readonly #given: Given;
  readonly #oneByOne = new OneByOne();
  readonly #answers = new Map<string, readonly FoundReady[]>();
  readonly #open = new Set<string>();
  #count = 0;

  constructor(given: Given) {
    this.#given = given;
    given.world.onAsk = (entry) => this.#take(entry);
  }

  /** Of each resource, whether the node could run it. */
  async ask(node: NodeName, resources: readonly Asked[]): Promise<Result<readonly FoundReady[]>> {
    const { ports, world } = this.#given;
    if (node === ports.identity.node) return ok(await this.#look(resources));
    if (this.#open.size >= openMax) return refuse(noAnswer(node, `${openMax} other questions are open`));
    this.#count += 1;
    const id = `${ports.identity.session}-${this.#count}`;
    const [asked, answered] = [keys.ask(node, id), keys.answer(ports.identity.node, id)];
    const record = {
      from: ports.identity.node,
      resources: resources.map(({ tag, type, settings }) => ({ tag, type, settings: settings[node] ?? {} })),
    };
    this.#open.add(id);
    try {
      await world.write([{ key: asked, value: record }]);
      const found = await this.#wait(id, resources.length);
      return found === undefined ? refuse(noAnswer(node, 'it did not answer in time')) : ok(found);
    } finally {
      this.#open.delete(id);
      this.#answers.delete(id);
      await world.forget([asked, answered]);
    }
  }

  async #wait(id: string, count: number): Promise<readonly FoundReady[] | undefined> {
    const { clock } = this.#given.ports;
    const until = clock.now() + carriageMs + preflightBudgetMs * Math.min(count, 4);
    while (!this.#answers.has(id) && clock.now() < until)
      await clock.sleep(lookEveryMs, new AbortController().signal);
    return this.#answers.get(id);
  }

  #take({ key, value }: Entry): void {
    const { ports, world } = this.#given;
    if (value === undefined) return;
    const { node } = ports.identity;
    if (key.startsWith(keys.answers(node))) {
      const id = key.slice(keys.answers(node).length);
      if (this.#open.has(id)) this.#answers.set(id, answerRecord.parse(value).found);
      // Left by an earlier life, which waits no more.
      else void world.forget([key]);
      return;
    }
    const ask = askRecord.parse(value);
    const id = key.slice(keys.asks(node).length);
    void this.#oneByOne.run(() => this.#answer(key, keys.answer(ask.from, id), ask));
  }

  async #answer(asked: string, answered: string, { resources }: z.output<typeof askRecord>): Promise<void> {
    const { ports, world } = this.#given;
    const { node } = ports.identity;
    const found = await this.#look(
      resources.map(
        ({ tag, type, settings }) => ({ tag, type, settings: { [node]: settings } }) as unknown as Asked,
      ),
    );
    try {
      await world.write([
        { key: asked, value: undefined },
        { key: answered, value: { found } },
      ]);
    } catch (error) {
      if (!(error instanceof StoreFailed)) throw error;
      ports.log.info(
        { event: 'ask-not-answered', key: asked, error: error.message },
        'nobody waits for an answer',
      );
    }
  }

  async #look(resources: readonly Asked[]): Promise<FoundReady[]> {
    const found: FoundReady[] = [];
    for (const resource of resources) {
      const { tag, type } = resource;
      const asked = await askPreflight(this.#given.ports, resource);
      const nothing = { tag, rank: 100, todo: '', warnings: [] };
      if (asked.kind === 'answer')
        found.push({ tag, ...asked.readiness, warnings: [...asked.readiness.warnings] });
      else if (asked.kind === 'none')
        found.push({ ...nothing, ready: true, evidence: `the kit ${type} has no preflight` });
      else
        found.push({ ...nothing, ready: false, rank: 0, evidence: 'its preflight gave no answer in time' });
    }
    return found;
  }
}

function noAnswer(node: NodeName, why: string): Problem {
  return {
    code: 'NOT_ELIGIBLE',
    path: node,
    what: `${node} did not say whether it is ready`,
    why,
    todo: `see whether its agent runs: holdfast node list`,
  };
}
