import type { Problem } from '../problem.ts';
import { isInService, isOut, type State, type Tag } from '../vocabulary.ts';
import type { Configuration } from './configuration.ts';

/** What acts on a resource now, and holds it so long. */
export type UnderWay = Readonly<{ id: string; cause: string }>;

/**
 * What a change of the configuration may not do: forget or replace what may still run, or let something in service
 * need something that is not.
 */
export function refuseChange(
  before: Configuration | undefined,
  after: Configuration,
  stateOf: (tag: Tag) => State,
  operationOn: (tag: Tag) => UnderWay | undefined = () => undefined,
): Problem[] {
  const inService = (tag: Tag, what: string): Problem => whyNot(tag, stateOf(tag), operationOn(tag), what);
  const problems: Problem[] = [];
  for (const old of before?.resources.values() ?? []) {
    if (isOut(stateOf(old.tag))) continue;
    const now = after.resources.get(old.tag);
    if (now === undefined) problems.push(inService(old.tag, 'would be forgotten while it may run'));
    else if (now.type !== old.type)
      problems.push(inService(old.tag, `would become a ${now.type} while it runs as a ${old.type}`));
    else if (now.identity !== old.identity)
      problems.push(inService(old.tag, `would protect ${now.identity} while ${old.identity} may run`));
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

function whyNot(tag: Tag, state: State, operation: UnderWay | undefined, what: string): Problem {
  if (operation !== undefined) {
    return {
      code: 'OPERATION_UNDER_WAY',
      path: `resources.${tag}`,
      what: `${tag} ${what}`,
      why: `operation ${operation.id} is under way on it: ${operation.cause}`,
      todo: `wait until it is over: holdfast operation ${operation.id}`,
    };
  }
  return {
    code: 'RESOURCE_IN_SERVICE',
    path: `resources.${tag}`,
    what: `${tag} ${what}`,
    why: `${tag} is ${state}`,
    todo: `take it out of service first: holdfast remove ${tag}`,
  };
}
