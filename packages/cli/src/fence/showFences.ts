import type { FenceState, FenceTestAnswer } from '@holdfast/core';
import type { Screen } from '../program/screen.ts';
import { plain } from '../text/plain.ts';
import { saySpan } from '../text/saySpan.ts';
import { sayTime } from '../text/sayTime.ts';
import { wrap } from '../text/wrap.ts';

type Look = Pick<Screen, 'width' | 'paint'>;

/** How each node would be fenced, and how that stands. */
export function showFences(fences: readonly FenceState[], { width }: Look): string[] {
  return fences.flatMap(({ node, levels, action = 'off', fence }) => {
    const ways = levels.map((devices, index) => `level ${index + 1}: ${devices.join(' and ')}`);
    const how = ways.length === 0 ? 'no fence device' : `${action} by ${ways.join('; ')}`;
    const lines = wrap(`${node}: ${how}`, { first: '', width, hang: 2 });
    return fence === undefined
      ? lines
      : [...lines, ...wrap(sayFence(fence), { first: '  ', width, hang: 2 })];
  });
}

function sayFence({ state, by, person, at, why, says, tries }: NonNullable<FenceState['fence']>): string {
  const who = person === undefined ? by : `${person} on ${by}`;
  const times = tries > 1 ? `, try ${tries}` : '';
  const how = says === '' ? '' : `; ${says}`;
  return plain(`${state} by ${who} at ${sayTime(at)}${times}${how}${why === '' ? '' : `; because ${why}`}`);
}

export function showFenceTest({ node, devices }: FenceTestAnswer, { width, paint }: Look): string[] {
  if (devices.length === 0) return [`${node}: ${paint.bad('no fence device')}`];
  return devices.flatMap(({ level, device, works, power, says, tookMs }) => {
    const word = works ? paint.good('works') : paint.bad('failed');
    const line = `${node}, level ${level}, ${device}: ${word} (${saySpan(tookMs)}): power ${power}: ${plain(says)}`;
    return wrap(line, { first: '', width, hang: 2 });
  });
}
