import {
  type ApplyAnswer,
  type Configuration,
  type ConfigurationsAnswer,
  compareDocuments,
  type GenerationAnswer,
  isOut,
  nameHierarchies,
  ok,
  type Problem,
  type Result,
  readDocument,
  refuse,
  refuseChange,
  refuseJoin,
  refuseLeave,
  type Tag,
  type Warning,
  writtenDocument,
} from '@holdfast/core';
import type { Checks } from './checks.ts';
import type { Events } from './events.ts';
import type { GlobalScripts } from './globalScripts.ts';
import { keys } from './keys.ts';
import { OneByOne } from './oneByOne.ts';
import type { Operations } from './operations.ts';
import type { AgentPorts } from './ports.ts';
import { configurationRecord } from './storedRecords.ts';
import type { World } from './world.ts';

type Given = Readonly<{
  ports: AgentPorts;
  world: World;
  events: Events;
  checks: Checks;
  scripts: GlobalScripts;
  operations: Pick<Operations, 'operationOn'>;
  busy: () => readonly Tag[];
  warnings: (configuration: Configuration) => readonly Warning[];
  onChange: () => void;
}>;

export type ApplyRequest = Readonly<{
  document: unknown;
  dryRun: boolean;
  by: string;
  basedOn?: number | undefined;
  skipScripts?: boolean | undefined;
}>;

/** The configuration in force, and the way to another. */
export class Configuring {
  readonly #given: Given;
  /** Each generation is one document: two that come at once get one number each. */
  readonly #oneByOne = new OneByOne();

  constructor(given: Given) {
    this.#given = given;
  }

  current(): { generation: number; document: unknown } {
    const { record } = this.#given.world;
    return { generation: record?.generation ?? 0, document: record?.document ?? null };
  }

  /** Every generation that is kept, newest first. */
  async generations(): Promise<ConfigurationsAnswer> {
    const { entries } = await this.#given.ports.store.read(keys.configurationOfAny);
    const rows = entries.map(({ value }) => configurationRecord.parse(value));
    return {
      configurations: rows
        .map(({ generation, by, at }) => ({ generation, by, at }))
        .sort((a, b) => b.generation - a.generation),
    };
  }

  async generation(number: number): Promise<Result<GenerationAnswer>> {
    const { entries } = await this.#given.ports.store.read(keys.configurationOf(number));
    const kept = entries
      .map(({ value }) => configurationRecord.parse(value))
      .find(({ generation }) => generation === number);
    if (kept === undefined) return refuse(unknownGeneration(number));
    const { generation, by, at, document } = kept;
    return ok({ generation, by, at, document });
  }

  /** Switches to a new configuration, and starts nothing: a new resource is wanted out of service. */
  apply(request: ApplyRequest): Promise<Result<ApplyAnswer>> {
    return this.#oneByOne.run(() => this.#apply(request));
  }

  async #apply(request: ApplyRequest): Promise<Result<ApplyAnswer>> {
    const inForce = this.#given.world.record?.generation ?? 0;
    if (request.basedOn !== undefined && request.basedOn !== inForce)
      return refuse(stale(request.basedOn, inForce));
    const { kits, cluster } = this.#given.ports;
    const types = await kits.typesFor(request.document, this.#given.world.record?.document);
    const read = readDocument(request.document, types);
    if (!read.ok) return refuse(...read.problems.map((problem) => this.#withRefusedKits(problem)));
    const { configuration, hierarchies, claims } = this.#given.world;
    const refused = [
      ...this.#refuseChange(read.value),
      ...refuseJoin(read.value, hierarchies, claims),
      ...refuseLeave(configuration, read.value, hierarchies, claims),
    ];
    const { fencing } = read.value;
    if (fencing !== undefined) refused.push(...((await cluster?.fencer.findProblems(fencing)) ?? []));
    if (refused.length > 0) return refuse(...refused);
    const generation = (this.#given.world.record?.generation ?? 0) + 1;
    const changes = compareDocuments(this.#given.world.record?.document ?? {}, request.document);
    const warnings = this.#given.warnings(read.value);
    const answer = {
      generation: changes.length === 0 ? generation - 1 : generation,
      changes: [...changes],
      ...(warnings.length === 0 ? {} : { warnings: [...warnings] }),
    };
    if (request.dryRun || changes.length === 0) return ok(answer);

    const gone = [...(this.#given.world.configuration?.resources.keys() ?? [])].filter(
      (tag) => !read.value.resources.has(tag),
    );
    const hasScripts = gone.length > 0 && request.skipScripts !== true;
    const subject = { action: 'delete' as const, tags: gone, args: [] };
    if (hasScripts) {
      const before = await this.#given.scripts.before(subject);
      if (!before.ok) return before;
    }
    const record = {
      schema: 1 as const,
      generation,
      document: request.document,
      by: request.by,
      at: this.#given.ports.clock.wall(),
    };
    await this.#given.world.setConfiguration(
      record,
      read.value,
      nameHierarchies(read.value, this.#given.world.hierarchies, generation),
    );
    this.#given.events.emit({ kind: 'configuration-applied', generation, by: request.by });
    this.#given.ports.log.info(
      { event: 'configuration-applied', generation, by: request.by },
      `configuration ${generation} applied`,
    );
    if (hasScripts) await this.#given.scripts.after(subject, 'done');
    await this.#given.checks.checkAll();
    this.#given.onChange();
    return ok(answer);
  }

  /** A type that no kit serves may be the type of a kit that was refused: which one that would be, only it could say. */
  #withRefusedKits(problem: Problem): Problem {
    if (problem.code !== 'UNKNOWN_TYPE') return problem;
    const refused = this.#given.ports.kits.reports().filter(({ state }) => state === 'refused');
    if (refused.length === 0) return problem;
    const says = refused.map(({ name, says }) => `${name} (${says})`).join('; ');
    return { ...problem, why: `${problem.why}; these kits were refused: ${says}` };
  }

  #refuseChange(configuration: Configuration) {
    const { node } = this.#given.ports.identity;
    if (!configuration.nodes.includes(node)) {
      return [
        {
          code: 'UNKNOWN_NODE' as const,
          path: 'nodes',
          what: `The document does not list this node, ${node}`,
          why: `it lists ${configuration.nodes.join(', ')}`,
          todo: `add ${node} to nodes, or set node: in agent.yaml`,
        },
      ];
    }
    const kept = this.#keptButUnreadable(configuration);
    if (kept.length > 0) return kept;
    const busy = new Set(this.#given.busy());
    const { world, operations } = this.#given;
    const runsElsewhere = (tag: Tag) => world.statesElsewhere(tag).some(({ record }) => !isOut(record.state));
    const stateOf = (tag: Tag) => (busy.has(tag) || runsElsewhere(tag) ? 'ISP' : world.stateOf(tag).state);
    return refuseChange(world.configuration, configuration, stateOf, (tag) => operations.operationOn(tag));
  }

  /** A kept document that this agent cannot read, for want of a kit say, still names what may run. */
  #keptButUnreadable(configuration: Configuration): Problem[] {
    if (this.#given.world.configuration !== undefined) return [];
    const kept = writtenDocument.safeParse(this.#given.world.record?.document);
    const tags = kept.success ? Object.keys(kept.data.resources) : [];
    return tags
      .filter((tag) => !configuration.resources.has(tag as Tag))
      .map((tag) => ({
        code: 'RESOURCE_IN_SERVICE',
        path: `resources.${tag}`,
        what: `${tag} would be forgotten while it may run`,
        why: 'the configuration in force cannot be read by this agent, so nobody knows how it stands',
        todo: `see the log of the agent for what is wrong with it; keep ${tag} in the document until then`,
      }));
  }
}

function unknownGeneration(number: number): Problem {
  return {
    code: 'UNKNOWN_GENERATION',
    path: '',
    what: `There is no generation ${number} of the configuration`,
    why: 'the store has kept none with this number',
    todo: 'list them with holdfast config history',
  };
}

/** Two people who change one document at once must not undo each other's change unheard. */
function stale(basedOn: number, inForce: number): Problem {
  return {
    code: 'STALE_GENERATION',
    path: '',
    what: 'The configuration was changed meanwhile',
    why: `the change was made from generation ${basedOn}, and ${inForce} is in force`,
    todo: 'read the configuration and make the change again',
  };
}
