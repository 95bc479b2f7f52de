import type { Configuration, NodeName, Resource, Warning } from '@holdfast/core';

export type TakeoverFacts = Readonly<{
  configuration: Configuration;
  takeoverWithoutFence: boolean;
  isExclusive: (resource: Resource) => boolean;
  /** Undefined where nothing is known of the node now. */
  isProvenDown: (node: NodeName) => boolean | undefined;
}>;

/** What a node's death would come to, said beforehand: nobody is to learn at night that a hierarchy waits for a person. */
export function warningsOf(facts: TakeoverFacts): readonly Warning[] {
  const { configuration, takeoverWithoutFence, isExclusive, isProvenDown } = facts;
  const exclusive = configuration.hierarchies.flatMap(({ tags, nodes }) => {
    const destroyed = tags.filter((tag) => isExclusive(configuration.resources.get(tag)!));
    const unproven = nodes.map(({ node }) => node).filter((node) => isProvenDown(node) === false);
    return destroyed.length === 0 || nodes.length < 2 || unproven.length === 0
      ? []
      : [{ destroyed, unproven }];
  });
  if (exclusive.length === 0) return [];
  const nodes = [...new Set(exclusive.flatMap(({ unproven }) => unproven))];
  const tags = exclusive.flatMap(({ destroyed }) => destroyed).join(', ');
  const todo = `give ${nodes.join(' and ')} a watchdog (store.watchdog in agent.yaml) or a fence`;
  if (takeoverWithoutFence)
    return [
      {
        code: 'takeover-without-fence',
        says: `${tags}: taken over from ${nodes.join(' or ')} when it dies though nothing proves that it is down (takeoverWithoutFence): a double run destroys data`,
        todo: `${todo}, and take takeoverWithoutFence out`,
      },
    ];
  return [
    {
      code: 'waits-for-person',
      says: `${tags}: when ${nodes.join(' or ')} dies it waits for a person, as a double run would destroy data and nothing would prove that the node is down`,
      todo,
    },
  ];
}
