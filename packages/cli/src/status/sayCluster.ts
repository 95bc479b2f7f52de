import type { Status } from '@holdfast/core';
import type { Screen } from '../program/screen.ts';
import { plain } from '../text/plain.ts';
import { saySpan } from '../text/saySpan.ts';
import { wrap } from '../text/wrap.ts';

type Look = Pick<Screen, 'width' | 'paint'>;
type Node = Status['nodes'][number];

/** The nodes, the ways to them, and whether this one may act: nothing where a node is alone and all is as usual. */
export function sayCluster(status: Status, look: Look): string[] {
  const { nodes, quorum } = status;
  const isPlain = nodes.every(({ state, mode }) => state === 'ALIVE' && mode === 'active');
  if (nodes.length <= 1 && isPlain && quorum === undefined) return [];
  return [
    ...nodes.flatMap((node) => sayNode(node, status, look)),
    ...sayStore(status.store, look),
    ...(quorum === undefined || quorum.isThere
      ? []
      : wrap(`no quorum: ${quorum.says}`, { first: '  ', width: look.width, hang: 4 }).map(look.paint.bad)),
  ];
}

function sayNode(node: Node, { at }: Status, look: Look): string[] {
  const { name, state, mode, paths = [], told, fence } = node;
  const words = [
    `${state}, ${mode}`,
    ...(fence === undefined ? [] : [sayFence(fence)]),
    ...(told === undefined ? [] : [sayTold(told)]),
    ...(told?.clockAheadMs === undefined ? [] : [sayClock(told.clockAheadMs)]),
  ];
  return [
    ...wrap(words.join('; '), { first: `  node ${name}: `, width: look.width, hang: 4 }),
    ...paths.flatMap((path, index) => {
      const heard =
        path.lastHeardAt === undefined
          ? ''
          : `, last heard ${saySpan(Math.max(0, at - path.lastHeardAt))} ago`;
      const says = path.says === undefined ? '' : `: ${plain(path.says)}`;
      const line = `path ${index + 1} ${path.address} ${path.state}${heard}${says}`;
      const lines = wrap(line, { first: '    ', width: look.width, hang: 6 });
      return path.state === 'DEAD' ? lines.map(look.paint.bad) : lines;
    }),
  ];
}

/** One line while every member answers; otherwise one for each. */
function sayStore(store: Status['store'], look: Look): string[] {
  if (store === undefined) return [];
  const { members } = store;
  if (members.every(({ state }) => state === 'UNKNOWN')) return ['  etcd: its members were not asked yet'];
  const alive = members.filter(({ state }) => state === 'ALIVE');
  const leader = members.find(({ isLeader }) => isLeader);
  const head = `etcd: ${alive.length} of ${members.length} members answer, ${leader === undefined ? 'none leads' : `${leader.name ?? leader.endpoint} leads`}`;
  const bad = members.filter(({ state, says }) => state === 'DEAD' || says !== undefined);
  return [
    ...wrap(head, { first: '  ', width: look.width, hang: 4 }),
    ...bad.flatMap(({ name, endpoint, state, says }) => {
      const line = `member ${name ?? '--'} ${endpoint} ${state}${says === undefined ? '' : `: ${plain(says)}`}`;
      const lines = wrap(line, { first: '    ', width: look.width, hang: 6 });
      return state === 'DEAD' ? lines.map(look.paint.bad) : lines;
    }),
  ];
}

function sayFence({ state, says }: NonNullable<Node['fence']>): string {
  return `${state === 'asked' ? 'being fenced' : `fence ${state}`}: ${plain(says)}`;
}

function sayTold({ version, phase, mayAct }: NonNullable<Node['told']>): string {
  return `its agent ${version} answers: ${phase}${mayAct ? '' : ', without the right to act'}`;
}

function sayClock(aheadMs: number): string {
  return `its clock is ${saySpan(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead' : 'behind'}`;
}
