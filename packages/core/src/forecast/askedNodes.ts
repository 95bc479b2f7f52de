import type { NamedHierarchy } from '../decide/eligible.ts';
import type { View } from '../decide/view.ts';
import { isInService, type NodeName, type Tag } from '../vocabulary.ts';
import type { WrittenIntent } from './writtenWorld.ts';

/** What the intents of a world say of one hierarchy. */
export type Asked = Readonly<{
  /** The node that is asked for; undefined when nothing of it is wanted in service. */
  node: NodeName | undefined;
  /** Whether each tag that has an intent, or is in service, is wanted. */
  wanted: ReadonlyMap<Tag, boolean>;
  /** Tags that are asked for on another node than the rest. */
  refused: readonly Readonly<{ tag: Tag; node: NodeName }>[];
  /** Where anything of it is in service, the best node first. */
  runsOn: readonly NodeName[];
}>;

/**
 * One node for each hierarchy, because it moves as one. Intents that name several ask for what cannot be: where it runs
 * wins, if that is among them, else the best of them. What is asked for elsewhere is not started, and not taken down.
 * Who asks for a node that is down is content with another. What is in service and has no intent is wanted wherever
 * its hierarchy is, as an agent adopts what it finds in service.
 */
export function askedNodes(
  { hierarchy }: NamedHierarchy,
  intent: Readonly<Record<string, WrittenIntent>>,
  { states, nodes }: Pick<View, 'states' | 'nodes'>,
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
  const asked = new Set([...nodeOf.values()].filter((node) => node !== undefined));
  const alive = new Set([...asked].filter((node) => nodes[node]!.alive === 'yes'));
  const choice = alive.size > 0 ? alive : asked;
  const node = runsOn.find((one) => choice.has(one)) ?? byPriority.find((one) => choice.has(one));

  const refused = [...nodeOf].flatMap(([tag, one]) =>
    one === undefined || one === node || !alive.has(one) ? [] : [{ tag, node: one }],
  );
  const isRefused = new Set(refused.map(({ tag }) => tag));
  const wanted = new Map(
    [...nodeOf].map(([tag, one]) => [
      tag,
      isRefused.has(tag) ? node !== undefined && isUp(node, tag) : one !== undefined,
    ]),
  );
  for (const tag of hierarchy.tags)
    if (!nodeOf.has(tag) && runsOn.some((one) => isUp(one, tag))) wanted.set(tag, true);
  return { node, wanted, refused, runsOn };
}
