import type { Problem } from '../problem.ts';
import { isInService, isOut, type State, type Tag } from '../vocabulary.ts';
import type { Configuration } from './configuration.ts';

/**
 * What a change of the configuration may not do: forget or replace what may still run, or let something in service
 * need something that is not.
 */
export function refuseChange(
  before: Configuration | undefined,
  after: Configuration,
  stateOf: (tag: Tag) => State,
): Problem[] {
  const problems: Problem[] = [];
  for (const old of before?.resources.values() ?? []) {
    if (isOut(stateOf(old.tag))) continue;
    const now = after.resources.get(old.tag);
    if (now === undefined)
      problems.push(inService(old.tag, stateOf(old.tag), 'would be forgotten while it may run'));
    else if (now.type !== old.type)
      problems.push(
        inService(old.tag, stateOf(old.tag), `would become a ${now.type} while it runs as a ${old.type}`),
      );
    else if (now.identity !== old.identity)
      problems.push(
        inService(old.tag, stateOf(old.tag), `would protect ${now.identity} while ${old.identity} may run`),
      );
  }
  for (const { tag, needs } of after.resources.values()) {
    if (!isInService(stateOf(tag))) continue;
    const had = new Set(before?.resources.get(tag)?.needs ?? []);
    for (const child of needs) {
      if (had.has(child) || isInService(stateOf(child))) continue;
      problems.push({
        code: 'NEED_OUT_OF_SERVICE',
        path: `resources.${tag}.needs`,
        what: `${tag} is in service and would need ${child}, which is not`,
        why: `${child} is ${stateOf(child)}`,
        todo: `bring ${child} into service first, or take ${tag} out`,
      });
    }
  }
  return problems;
}

function inService(tag: Tag, state: State, what: string): Problem {
  return {
    code: 'RESOURCE_IN_SERVICE',
    path: `resources.${tag}`,
    what: `${tag} ${what}`,
    why: `${tag} is ${state}`,
    todo: `take it out of service first: perform_action -t ${tag} -a remove`,
  };
}
