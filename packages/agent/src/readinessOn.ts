import type { NodeName, ReadinessRecord, Status, Tag } from '@holdfast/core';

type Told = Status['hierarchies'][number]['nodes'][number]['readiness'];

/** What a node's preflights say of a hierarchy as a whole: ready when every one of its resources is. */
export function readinessOn(
  node: NodeName,
  tags: readonly Tag[],
  of: (tag: Tag) => ReadinessRecord | undefined,
): NonNullable<Told> {
  const found = tags.flatMap((tag) => {
    const record = of(tag);
    return record === undefined ? [] : [{ tag, record }];
  });
  const bad = found.find(({ record }) => !record.ready);
  const warnings = found.flatMap(({ tag, record }) => record.warnings.map((says) => `${tag}: ${says}`));
  const more = warnings.length === 0 ? {} : { warnings };
  if (bad !== undefined) {
    const { evidence, todo } = bad.record;
    return { state: 'not-ready', why: `${bad.tag}: ${evidence}`, ...(todo === '' ? {} : { todo }), ...more };
  }
  if (found.length < tags.length)
    return { state: 'not-known', why: `${node} has not looked at all of it yet`, ...more };
  return { state: 'ready', rank: Math.min(...found.map(({ record }) => record.rank)), ...more };
}
