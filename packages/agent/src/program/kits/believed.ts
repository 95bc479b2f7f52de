import type { AbortStep, CheckResult, Outcome, Readiness } from '@holdfast/kit';
import { faultInAnswer } from '@holdfast/kit';
import type { CallableAction } from './kitCalls.ts';
import { KitFault } from './kitFault.ts';

/** Evidence is a line or a few; what is longer would fill journals and logs at each check. */
const textMax = 4_000;
const conditionsMax = 20;

/**
 * An answer of the right form, and of a bounded size. One of a wrong form is a fault of the kit, and says nothing
 * about the resource.
 */
export function believed<Answer extends Outcome | CheckResult | Readiness>(
  action: CallableAction,
  answer: unknown,
): Answer {
  const fault = faultInAnswer(action, answer);
  if (fault !== undefined) throw new KitFault(fault);
  return bounded(answer as Answer);
}

/** The quick way out, of the right form. */
export function believedAbort(answer: unknown): readonly AbortStep[] {
  const fault = faultInAnswer('abort', answer);
  if (fault !== undefined) throw new KitFault(fault);
  return answer as readonly AbortStep[];
}

function bounded<Answer extends Outcome | CheckResult | Readiness>(answer: Answer): Answer {
  const evidence = shortened(answer.evidence);
  if ('finding' in answer) {
    const conditions = answer.conditions
      ?.slice(0, conditionsMax)
      .map(({ code, says }) => ({ code: shortened(code), says: shortened(says) }));
    return { ...answer, evidence, ...(conditions === undefined ? {} : { conditions }) };
  }
  if ('ready' in answer) {
    const warnings = answer.warnings.slice(0, conditionsMax).map((warning) => shortened(warning));
    return { ...answer, evidence, todo: shortened(answer.todo), warnings };
  }
  return answer.result === 'failed'
    ? { ...answer, evidence, todo: shortened(answer.todo) }
    : { ...answer, evidence };
}

export function shortened(text: string, max = textMax): string {
  return text.length <= max
    ? text
    : `${text.slice(0, max)}... (${text.length - max} more characters were cut)`;
}
