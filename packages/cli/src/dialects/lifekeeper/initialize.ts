import { type Edit, refused } from './edit/changeDocument.ts';
import { lcdiCodes } from './lcdi/codes.ts';

/**
 * `initialize` says what LifeKeeper does with a resource at its start. Here the intent decides: what was in service
 * comes back, what was taken out stays out. That is AUTORES_ISP; the others would promise what nobody does.
 */
export function onlyAutomatic(init: string | undefined): Edit | undefined {
  if (init === undefined || init === 'AUTORES_ISP') return undefined;
  const isKnown = init === 'INIT_ISP' || init === 'INIT_OSU';
  return refused(lcdiCodes.badArgument, {
    code: 'NO_SUCH_INITIALIZE',
    what: `A resource cannot be made ${init}`,
    why: isKnown
      ? 'at its start the agent restores what is wanted in service, and leaves out what was taken out'
      : 'the values are AUTORES_ISP, INIT_ISP and INIT_OSU',
    todo: 'to have it out of service after a start, take it out: perform_action -a remove',
  });
}

export function isSwitchback(value: string): value is 'INTELLIGENT' | 'AUTOMATIC' {
  return value === 'INTELLIGENT' || value === 'AUTOMATIC';
}
