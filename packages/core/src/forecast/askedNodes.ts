import type { NamedHierarchy } from '../decide/eligible.ts';
import type { StateRecord } from '../decide/view.ts';
import { isInService, type NodeName, type Tag } from '../vocabulary.ts';
import type { WrittenIntent } from './writtenWorld.ts';

/** What the intents of a world say of one hierarchy. */
export type Asked = Readonly<{
  /** The node that is asked for; undefined when nothing of it is wanted in service. */
  node: NodeName | undefined;
  /** Whether each tag that has an intent is wanted. */
  wanted: ReadonlyMap<Tag, boolean>;
  /** Tags that are asked for on another node than the rest. */
  refused: readonly Readonly<{ tag: Tag; node: NodeName }>[];
  /** Where anything of it is in service, the best node first. */
  runsOn: readonly NodeName[];
}>;

/**
 * One node for each hierarchy, because it moves as one. Intents that name several ask for what cannot be: where it runs
 * wins, if that is among them, else the best of them. What is asked for elsewhere is not started, and not taken down.
 */
export function askedNodes(
  { hierarchy }: NamedHierarchy,
  intent: Readonly<Record<string, WrittenIntent>>,
  states: Readonly<Record<NodeName, Readonly<Record<Tag, StateRecord>>>>,
): Asked {
  const nodeOf = new Map<Tag, NodeName | undefined>();
  for (const tag of hierarchy.tags) {
    if (!Object.hasOwn(intent, tag)) continue;
    const one = intent[tag]!;
    nodeOf.set(tag, one === 'outOfService' ? undefined : (one.inService as NodeName));
  }
  const allowed = hierarchy.nodes.map(({ node }) => node);
  const others = (Object.keys(states) as NodeName[]).filter((node) => !allowed.includes(node));
  const byPriority = [...allowed, ...others];
  const isUp = (node: NodeName, tag: Tag) => isInService(states[node]![tag]!.state);
  const runsOn = byPriority.filter((node) => hierarchy.tags.some((tag) => isUp(node, tag)));
  const named = new Set(nodeOf.values());
  const node = runsOn.find((one) => named.has(one)) ?? byPriority.find((one) => named.has(one));

  const refused = [...nodeOf].flatMap(([tag, asked]) =>
    asked === undefined || asked === node ? [] : [{ tag, node: asked }],
  );
  const wanted = new Map(
    [...nodeOf].map(([tag, asked]) => {
      const isRefused = asked !== undefined && asked !== node;
      return [tag, isRefused ? node !== undefined && isUp(node, tag) : asked !== undefined] as const;
    }),
  );
  return { node, wanted, refused, runsOn };
}
