import type { AgentEvent } from '@holdfast/core';
import type { Screen } from '../program/screen.ts';
import { plain } from '../text/plain.ts';
import { saySpan } from '../text/saySpan.ts';
import { wrap } from '../text/wrap.ts';

/** What people want to see of an operation while it runs; most events say nothing here. */
export function showEvent(event: AgentEvent, { width, paint }: Pick<Screen, 'width' | 'paint'>): string[] {
  switch (event.kind) {
    case 'step-begun':
      return [line('begun', event)];
    case 'step-ended': {
      const took = `  (${saySpan(event.tookMs)})`;
      if (event.result === 'done') return [`${line('done', event, paint.good)}${took}`];
      return [
        `${line(event.result, event, event.result === 'failed' ? paint.bad : paint.warning)}${event.result === 'failed' ? took : ''}`,
        ...detail('why', event.evidence),
        ...detail('do', event.todo),
      ];
    }
    case 'script-ended':
      return [
        `  ${(event.result === 'done' ? paint.good : paint.bad)(event.result.padEnd(9))} ${event.script}  (${saySpan(event.tookMs)})`,
        ...(event.result === 'done' ? [] : detail('why', event.evidence)),
      ];
    case 'fence-begun':
      return wrap(`fencing ${event.node}: ${plain(event.why)}`, { first: '  ', width });
    case 'fence-ended': {
      const word = { confirmed: paint.good, failed: paint.bad, void: paint.warning }[event.result];
      return [
        `  ${word(event.result.padEnd(9))} fence of ${event.node}  (${saySpan(event.tookMs)})`,
        ...(event.result === 'failed' ? detail('why', event.says) : []),
        ...detail('do', event.todo),
      ];
    }
    case 'agent-stopping':
      return wrap(`the agent is stopping: ${plain(event.says)}`, { first: '  ', width });
    default:
      return [];
  }

  function detail(label: string, text: string): string[] {
    return text === '' ? [] : wrap(plain(text), { first: `    ${label.padEnd(6)}`, width });
  }
}

function line(
  word: string,
  { action, tag }: { action: string; tag: string },
  paint = (text: string) => text,
): string {
  return `  ${paint(word.padEnd(9))} ${action} ${tag}`;
}
