import type { Status } from '@holdfast/core';
import type { Screen } from '../program/screen.ts';
import { count } from '../text/count.ts';
import { plain } from '../text/plain.ts';
import { saySpan } from '../text/saySpan.ts';
import { sayWarnings } from '../text/sayWarnings.ts';
import { wrap } from '../text/wrap.ts';
import type { FoundStatus } from './findStatus.ts';
import { isAsWanted } from './isAsWanted.ts';
import { sayCluster } from './sayCluster.ts';
import { sayKits } from './sayKits.ts';
import { sayReadiness } from './sayReadiness.ts';
import { showTrees } from './showTrees.ts';

type Look = Pick<Screen, 'width' | 'paint'>;

/** The node for people: what runs, what is not as wanted, why, and what to do about it. */
export function showOverview(found: FoundStatus, look: Look, now: number): string[] {
  const { status } = found;
  return [
    ...wrap(sayNode(found), { first: `${status.node}  `, width: look.width }),
    ...sayCluster(status, look),
    ...sayKits(status, look),
    ...sayWarnings(status.warnings, look),
    ...status.hierarchies.flatMap((hierarchy) => [
      '',
      ...wrap(sayHierarchy(hierarchy), { first: '', width: look.width, hang: 2 }),
      ...sayStandbys(hierarchy, look),
      ...showTrees(
        status.resources.filter((resource) => resource.hierarchy === hierarchy.id),
        look,
        now,
        status,
      ),
    ]),
    ...sayOperations(status, look, now),
    '',
    sayTotals(status),
  ];
}

function sayNode({ status, agent, ageMs }: FoundStatus): string {
  const { version, pid, phase } = status.agent;
  const says = agent === 'running' ? phase : agent;
  return `agent ${says} (${version}, pid ${pid}), generation ${status.generation}, last change ${saySpan(ageMs)} ago`;
}

function sayHierarchy({ id, owner, epoch }: Status['hierarchies'][number]): string {
  return owner === null ? `hierarchy ${id}, on no node` : `hierarchy ${id}, on ${owner} (epoch ${epoch})`;
}

/** Whether the nodes that would take it could. */
function sayStandbys({ nodes }: Status['hierarchies'][number], { width }: Look): string[] {
  return nodes.flatMap(({ node, readiness }) =>
    readiness === undefined
      ? []
      : [
          ...wrap(sayReadiness(readiness), { first: `  standby ${node}  `, width, hang: 4 }),
          ...(readiness.todo === undefined ? [] : wrap(plain(readiness.todo), { first: '    do  ', width })),
          ...(readiness.warnings ?? []).flatMap((says) => wrap(plain(says), { first: '    note  ', width })),
        ],
  );
}

function sayOperations({ operations }: Status, { width }: Look, now: number): string[] {
  if (operations.length === 0) return [];
  return [
    '',
    ...operations.flatMap(({ id, cause, begunAt }) =>
      wrap(`operation ${id}, for ${saySpan(now - begunAt)}: ${plain(cause)}`, { first: '', width, hang: 2 }),
    ),
  ];
}

function sayTotals({ resources }: Status): string {
  if (resources.length === 0) return 'no resources; describe some in a file, and holdfast apply FILE';
  const states = ['ISP', 'ISU', 'OSU', 'OSF', 'ILLSTATE'] as const;
  const counts = states
    .map((state) => ({ state, n: resources.filter((resource) => resource.state === state).length }))
    .filter(({ n }) => n > 0)
    .map(({ state, n }) => `${n} ${state}`);
  const unmet = resources.filter((resource) => !isAsWanted(resource)).length;
  return `${count(resources.length, 'resource')}: ${counts.join(', ')}; ${unmet === 0 ? 'all as wanted' : `${unmet} not as wanted`}`;
}
