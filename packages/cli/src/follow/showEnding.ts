import type { CommandRequest } from '@holdfast/core';
import type { Screen } from '../program/screen.ts';
import { plain } from '../text/plain.ts';
import { wrap } from '../text/wrap.ts';
import type { Ending } from './followCommand.ts';

/** The last lines of a followed command: whether it did what was asked, and if not, what is not as asked. */
export function showEnding(
  ending: Ending,
  about: { request: CommandRequest; hadSteps: boolean; screen: Pick<Screen, 'width' | 'paint'> },
): string[] {
  const { request, hadSteps, screen } = about;
  const { width, paint } = screen;
  const name = `${request.action} ${request.tag}`;
  switch (ending.kind) {
    case 'interrupted':
      return say(`not followed any more: ${name} goes on. See how it does with holdfast status`);
    case 'lost':
      return [
        ...wrap(`AGENT_LOST   The agent was lost before ${name} ended`, { first: '', width, hang: 8 }),
        ...wrap(plain(ending.why), { first: '  why   ', width }),
        ...wrap('what was asked is kept, and the agent will finish it when it is back; see holdfast status', {
          first: '  do    ',
          width,
        }),
      ];
    case 'ended':
      switch (ending.event.result) {
        case 'done':
          return hadSteps ? [`${name}: ${paint.good('done')}`] : [];
        case 'failed':
          return [`${name}: ${paint.bad('failed')}`, ...unmet()];
        case 'overtaken':
          return [
            ...say(`${name}: overtaken: a later command wants something else of the same resources`),
            ...unmet(),
          ];
      }
  }

  function unmet(): string[] {
    if (ending.kind !== 'ended') return [];
    return ending.event.unmet.flatMap(({ tag, state, says }) =>
      wrap(`${tag} is ${state}: ${plain(says)}`, { first: '  ', width, hang: 8 }),
    );
  }

  function say(text: string): string[] {
    return wrap(text, { first: '', width, hang: 2 });
  }
}
