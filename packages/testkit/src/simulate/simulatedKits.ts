import type { Kits } from '@holdfast/agent';
import type { ResourceType, Tag } from '@holdfast/core';
import type { ActRequest, CheckRequest } from '@holdfast/engine';
import type { CheckResult, Outcome } from '@holdfast/kit';
import { never } from './never.ts';
import type { Random } from './random.ts';
import type { SimulatedNode, Temper } from './simulatedNode.ts';
import type { VirtualTime } from './virtualTime.ts';

type Given = Readonly<{
  node: SimulatedNode;
  time: VirtualTime;
  random: Random;
  temperOf: (tag: Tag) => Temper;
  types: readonly ResourceType[];
  /** Called at the moment at which an action touches the world. */
  onAct: (request: ActRequest) => void;
  /** The life of the agent that calls has ended: what it had under way dies with it. */
  isDead: () => boolean;
  /** No more faults: everything works at the first try. */
  isCalm: () => boolean;
  /** A planted fault: the first check after a remove says what the remove said. */
  agreesAfterRemove: boolean;
}>;

/** Kits that act on the simulated node: slow, failing, hanging, throwing and lying, each as its temper says. */
export function simulatedKits(given: Given): Kits {
  const { node, time, random, temperOf, types, onAct, isDead, isCalm, agreesAfterRemove } = given;
  const justRemoved = new Set<Tag>();
  return {
    typesFor: async () => types,
    served: () => types,
    reports: () => [],
    budgetsOf: () => ({ restore: 60_000, remove: 60_000, recover: 60_000, quickCheck: 5_000 }),
    watchesOf: () => [{ kind: 'mount', mountPoint: '/somewhere' }],
    act,
    check,
  };

  async function act(request: ActRequest, signal: AbortSignal): Promise<Outcome> {
    if (isDead()) return never();
    const { tag, action } = request;
    onAct(request);
    const temper = temperOf(tag);
    const reality = node.of(tag);
    const fate = isCalm() ? 1 : random.fraction();
    if (fate < temper.throws) throw new Error('this kit threw');
    reality.acting = action;
    const hangs = fate < temper.throws + temper.hangs;
    const isOver = await spend(
      hangs ? Number.POSITIVE_INFINITY : random.between(temper.fastest, temper.slowest),
      signal,
    );
    if (isDead()) return never();
    reality.acting = undefined;
    reality.surprise = false;
    if (!isOver) {
      halfDone(tag, action);
      return { result: 'failed', evidence: 'told to stop', todo: 'try again' };
    }
    if (!isCalm() && random.often(temper.fails)) {
      halfDone(tag, action);
      return { result: 'failed', evidence: `${action} went wrong`, todo: 'try again' };
    }
    if (action === 'remove' && !isCalm() && random.often(temper.lies)) {
      if (agreesAfterRemove) justRemoved.add(tag);
      return { result: 'done', evidence: 'removed, or so it says' };
    }
    Object.assign(reality, { running: action !== 'remove', broken: false });
    return { result: 'done', evidence: `${action} worked` };
  }

  async function check({ tag }: CheckRequest, signal: AbortSignal): Promise<CheckResult> {
    if (isDead()) return never();
    if (justRemoved.delete(tag)) return { finding: 'out-of-service', evidence: 'not there, or so it says' };
    const temper = temperOf(tag);
    const fate = isCalm() ? 1 : random.fraction();
    if (fate < temper.throws / 4) throw new Error('this check threw');
    const isOver = await spend(
      fate < temper.hangs / 4 ? Number.POSITIVE_INFINITY : random.between(1, 20),
      signal,
    );
    if (isDead()) return never();
    if (!isOver) return { finding: 'timeout', evidence: 'took too long' };
    const reality = node.of(tag);
    reality.surprise = false;
    if (!reality.running) return { finding: 'out-of-service', evidence: 'not there' };
    if (reality.broken) return { finding: 'failed', evidence: 'there, and does not serve' };
    return { finding: 'in-service', evidence: 'serves' };
  }

  /** What an action that did not work may leave. A remove that failed may have taken it down or broken it. */
  function halfDone(tag: Tag, action: ActRequest['action']): void {
    const reality = node.of(tag);
    if (action === 'remove')
      Object.assign(reality, random.pick([{}, { broken: true }, { running: false, broken: false }]));
    else if (!node.serves(tag)) Object.assign(reality, random.pick([{}, { running: true, broken: true }]));
  }

  /** True when the time was spent, false when the signal came first. */
  function spend(span: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve(false);
      const cancel = Number.isFinite(span) ? time.after(span, () => end(true)) : () => undefined;
      const onAbort = (): void => end(false);
      const end = (isOver: boolean): void => {
        cancel();
        signal.removeEventListener('abort', onAbort);
        resolve(isOver);
      };
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
