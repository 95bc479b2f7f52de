import { sayDuration } from './duration.ts';
import { defaultPolicy, resolvePolicy, type WrittenPolicy } from './policy.ts';

/** Where a value of a policy may come from, the nearest last. */
export type PolicyLevelName = 'default' | 'cluster' | 'hierarchy' | 'resource' | 'kit';

/** One value of a policy in force, as a document would write it. */
export type PolicyValue = Readonly<{
  /** Such as `quickCheck.every`. */
  name: string;
  value: string | number | boolean;
  from: PolicyLevelName;
}>;

/** Every value of the policy of a resource, with the level that says it. A budget that nobody sets is the kit's. */
export function explainPolicy(
  levels: Readonly<{ cluster?: WrittenPolicy; hierarchy?: WrittenPolicy; resource?: WrittenPolicy }>,
): readonly PolicyValue[] {
  const { cluster, hierarchy, resource } = levels;
  const policy = resolvePolicy(cluster, hierarchy, resource);
  const nearest = [
    ['resource', resource],
    ['hierarchy', hierarchy],
    ['cluster', cluster],
  ] as const;
  return policyNames.map((name) => {
    const from = nearest.find(([, written]) => at(written, name) !== undefined)?.[0];
    const value = at(policy, name);
    if (value === undefined) return { name, value: "the kit's own", from: 'kit' };
    return { name, value: say(name, value), from: from ?? 'default' };
  });
}

/** Every value that a policy has, in the order of the document. */
export const policyNames: readonly string[] = [
  ...Object.entries(defaultPolicy).flatMap(([part, value]) =>
    typeof value === 'object' ? Object.keys(value).map((name) => `${part}.${name}`) : [part],
  ),
  ...['restore', 'remove', 'recover'].map((action) => `timeouts.${action}`),
];

const spans = new Set([
  'every',
  'timeout',
  'within',
  'forget',
  'after',
  'wait',
  'restore',
  'remove',
  'recover',
]);

function say(name: string, value: string | number | boolean): string | number | boolean {
  return typeof value === 'number' && spans.has(name.split('.').at(-1)!) ? sayDuration(value) : value;
}

function at(policy: object | undefined, name: string): string | number | boolean | undefined {
  return name
    .split('.')
    .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], policy) as
    | string
    | number
    | boolean
    | undefined;
}
