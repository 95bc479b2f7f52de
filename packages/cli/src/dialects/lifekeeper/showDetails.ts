import type { ResourceStatus, Status } from '@holdfast/core';
import type { FoundStatus } from '../../status/findStatus.ts';
import { outline } from '../../status/outline.ts';
import { sayReadiness } from '../../status/sayReadiness.ts';
import { stateOn } from '../../status/stateOn.ts';
import { plain } from '../../text/plain.ts';
import { saySpan } from '../../text/saySpan.ts';
import { wrap } from '../../text/wrap.ts';
import { appAndTypeOf, idOf } from './names.ts';
import { prioritiesOf } from './priorities.ts';

/**
 * LifeKeeper's detailed display, and after its lines for a resource those for which it has no word: what is wanted,
 * the last check, conditions, why it is not as wanted and what to do. Tags are never shortened here: this is where
 * they can be copied from.
 */
export function showDetails(found: FoundStatus, options: { top?: string; width: number }): string[] {
  const { status, ageMs, agent } = found;
  const { top, width } = options;
  const show = detailsOf(status, width, status.at + ageMs);
  return [
    `Resource hierarchies for machine "${status.node}":`,
    ...outline(status.resources, top).flatMap(({ resource, depth }) => [
      '',
      ...(depth === 0 ? ['ROOT of RESOURCE HIERARCHY', ''] : []),
      ...show(resource),
    ]),
    '',
    'The following Holdfast servers are known:',
    ...status.nodes.map(
      ({ name, state, mode }) =>
        `${indent}machine=${name}  state=${state}${mode === 'active' ? '' : `  mode=${mode}`}`,
    ),
    ...showPaths(status, width),
    ...showStore(status, width),
    ...(status.flags === undefined || status.flags.length === 0
      ? []
      : ['', 'The following flags are on:', ...status.flags.map((flag) => `${indent}${plain(flag)}`)]),
    ...(status.flags?.includes('shutdown_switchover') === true
      ? ['', 'The shutdown strategy is set to: switchover.']
      : []),
    '',
    ...wrap(
      `The agent is ${agent === 'running' ? status.agent.phase : agent}; generation ${status.generation} of the configuration; last change ${saySpan(ageMs)} ago.`,
      { first: '', width },
    ),
  ];
}

const indent = ' '.repeat(8);

function showPaths(status: Status, width: number): string[] {
  const { nodes, quorum, at } = status;
  const paths = nodes.flatMap(({ name, paths = [] }) =>
    paths.map((path, index) => ({ name, index, ...path })),
  );
  return [
    ...(paths.length === 0 ? [] : ['', 'The following communication paths are known:']),
    ...paths.flatMap(({ name, index, from, address, state, lastHeardAt, says }) => {
      const heard =
        lastHeardAt === undefined ? '' : `  last heard ${saySpan(Math.max(0, at - lastHeardAt))} ago`;
      const why = says === undefined ? '' : `: ${plain(says)}`;
      const text = `machine=${name}  network=TCP  addresses=${from ?? '--'}/${address}  state=${state}  priority=${index + 1}${heard}${why}`;
      return wrap(text, { first: indent, width, hang: 16 });
    }),
    ...(quorum === undefined
      ? []
      : ['', ...wrap(`Quorum: ${quorum.isThere ? 'yes' : 'no'}: ${quorum.says}`, { first: '', width })]),
  ];
}

function showStore({ store }: Status, width: number): string[] {
  if (store === undefined) return [];
  return [
    '',
    'The following members of etcd are known:',
    ...store.members.flatMap(({ name, endpoint, state, isLeader, says }) => {
      const why = says === undefined ? '' : `: ${plain(says)}`;
      const text = `member=${name ?? '--'}  endpoint=${endpoint}  state=${state}${isLeader ? '  leader' : ''}${why}`;
      return wrap(text, { first: indent, width, hang: 16 });
    }),
  ];
}

function detailsOf(status: Status, width: number, now: number): (resource: ResourceStatus) => string[] {
  const priorities = prioritiesOf(status);
  const aliveNodes = new Set(status.nodes.filter(({ state }) => state === 'ALIVE').map(({ name }) => name));
  const parentsOf = (tag: string) =>
    status.resources
      .filter(({ needs, needsAny }) => needs.includes(tag) || needsAny.includes(tag))
      .map((parent) => parent.tag);

  return (resource) => {
    const { tag, state, reason } = resource;
    const { app, type } = appAndTypeOf(resource);
    const { local, others } = priorities(resource);
    return [
      ...wrap(`id=${idOf(resource)} app=${app} type=${type} state=${state}`, {
        first: `${tag}: `,
        width,
        hang: 8,
      }),
      `${indent}initialize=(AUTORES_ISP) automatic restore to IN-SERVICE by Holdfast`,
      ...says('reason=', reason),
      ...list('depends on resources: ', resource.needs),
      ...list('depends on any of: ', resource.needsAny),
      ...list('comes after: ', resource.after),
      ...list('these resources are dependent: ', parentsOf(tag)),
      `${indent}Local priority = ${local ?? '--'}`,
      ...others.flatMap(({ node, priority }) => [
        `${indent}SHARED equivalency with "${tag}" on "${node}", priority = ${priority}`,
        `${indent}${indent}FAILOVER ${aliveNodes.has(node) ? 'ALLOWED' : 'INHIBITED'}  state=${stateOn(resource, node, status)}`,
        ...readinessOf(resource, node),
      ]),
      ...ownLines(resource),
    ];
  };

  /** Whether that node could take it, as its own preflights say: of the hierarchy, which moves as one. */
  function readinessOf({ hierarchy }: ResourceStatus, node: string): string[] {
    const nodes = status.hierarchies.find(({ id }) => id === hierarchy)?.nodes;
    const readiness = nodes?.find((one) => one.node === node)?.readiness;
    if (readiness === undefined) return [];
    return wrap(`readiness=${sayReadiness(readiness)}`, { first: `${indent}${indent}`, width, hang: 24 });
  }

  function ownLines(resource: ResourceStatus): string[] {
    const { want, wantedBy, lastCheck, conditions, acting, blocked, todo } = resource;
    const wanted = want === 'inService' ? 'in service' : 'out of service';
    const check =
      lastCheck &&
      `${lastCheck.finding}, ${saySpan(now - lastCheck.at)} ago, took ${saySpan(lastCheck.tookMs)}: ${lastCheck.evidence}`;
    return [
      ...says('wanted=', `${wanted}, by ${wantedBy}`),
      ...says('acting=', acting),
      ...says('last check=', check),
      ...conditions.flatMap(({ code, says: text }) => says('condition=', `${code}: ${text}`)),
      ...says('blocked=', blocked),
      ...says('todo=', todo),
    ];
  }

  function says(label: string, text: string | undefined): string[] {
    if (text === undefined || text === '') return [];
    return wrap(`${label}${plain(text)}`, { first: indent, width, hang: 16 });
  }

  /** Broken after commas, so that each tag stays whole. */
  function list(label: string, tags: readonly string[]): string[] {
    if (tags.length === 0) return [];
    const words = tags.map((tag, index) => (index < tags.length - 1 ? `${tag},` : tag));
    const lines: string[] = [];
    let line = `${indent}${label}`;
    for (const word of words) {
      if (line.length + word.length > width && line.trim() !== '') {
        lines.push(line.trimEnd());
        line = ' '.repeat(16);
      }
      line += word;
    }
    return [...lines, line];
  }
}
