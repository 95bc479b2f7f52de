import type { SaidPlan, SaidStep } from '@holdfast/core';
import { plain } from '../text/plain.ts';
import { wrap } from '../text/wrap.ts';

/**
 * The steps of a plan for `--dry-run`: order, what runs at the same time, why, and what will not happen.
 *
 *     1  restore mail-disk: mail needs it
 *     1  restore mail-ip: mail needs it
 *     2  restore mail, after mail-disk, mail-ip: requested
 */
export function showPlan(
  { steps, notes }: SaidPlan,
  width: number,
  { isManyNodes = false }: { isManyNodes?: boolean } = {},
): string[] {
  const waves = wavesOf(steps);
  const ordered = [...steps].sort((a, b) => waves.get(a.id)! - waves.get(b.id)!);
  const nodes = new Set(steps.map(({ node }) => node));
  const nameOf = new Map(
    steps.map(
      ({ id, tag, node }) => [id, isManyNodes || nodes.size > 1 ? `${tag} on ${node}` : tag] as const,
    ),
  );
  const numberWidth = String([...waves.values()].reduce((most, wave) => Math.max(most, wave), 0)).length;
  const stepLines = ordered.flatMap(({ id, action, after, because }) => {
    const first = `  ${String(waves.get(id)).padStart(numberWidth)}  `;
    const order =
      after.length === 0 ? '' : `, after ${after.map((other) => nameOf.get(other) ?? other).join(', ')}`;
    return wrap(plain(`${action} ${nameOf.get(id)}${order}: ${because.says}`), {
      first,
      width,
      hang: first.length + 2,
    });
  });
  const isParallel = waves.size > new Set(waves.values()).size;
  return [
    ...stepLines,
    ...(isParallel
      ? wrap(
          'Steps with one number can run at the same time; each begins as soon as those that it comes after are done.',
          { first: '', width },
        )
      : []),
    ...(notes.length > 0 && steps.length > 0 ? ['Will not happen:'] : []),
    ...notes.flatMap(({ tag, because }) =>
      wrap(plain(`${tag}: ${because.says}`), { first: '  -  ', width, hang: 7 }),
    ),
  ];
}

/** How many steps must be done one after the other before this one has its turn. */
function wavesOf(steps: readonly SaidStep[]): ReadonlyMap<string, number> {
  const waves = new Map<string, number>();
  // Steps stand in an order in which they could be done, so what a step waits for is numbered before it.
  for (const { id, after } of steps)
    waves.set(id, 1 + Math.max(0, ...after.map((other) => waves.get(other) ?? 0)));
  return waves;
}
