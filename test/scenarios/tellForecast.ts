import { forecast, readWorld, type SaidPlan, type Step } from '@holdfast/core';

/** What a cluster would do about a world, as text: a step a line with what it waits for, then what is left. */
export function tellForecast(given: unknown): string {
  const read = readWorld(given);
  if (!read.ok) {
    const said = read.problems.map(({ code, path, what, todo }) => `${code} ${path}: ${what}; ${todo}`);
    return `${['refused', ...said.map((line) => `  ${line}`)].join('\n')}\n`;
  }
  const { steps, blocked } = forecast(read.value);
  const byId = new Map(steps.map((step) => [step.id, step]));
  const lines = [
    ...steps.map((step) => {
      const after = step.after.map((id) => nameOf(byId.get(id)!));
      return `${nameOf(step)}${after.length === 0 ? '' : ` after ${after.join(', ')}`}: ${step.because.says}`;
    }),
    ...blocked.map(({ tag, because }: SaidPlan['notes'][number]) => `${tag} is left: ${because.says}`),
  ];
  return `${['forecast', ...(lines.length === 0 ? ['nothing to do'] : lines)].join('\n  ')}\n`;
}

function nameOf({ action, tag, node }: Step): string {
  return `${action} ${tag} on ${node}`;
}
