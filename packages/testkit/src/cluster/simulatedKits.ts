import type { Kits } from '@holdfast/agent';
import type { ResourceType, Tag, TypeName } from '@holdfast/core';
import type { ActRequest, CheckRequest } from '@holdfast/engine';
import type { AbortStep, CheckResult, Outcome } from '@holdfast/kit';
import { z } from 'zod';
import type { Random } from '../simulate/random.ts';
import type { KitTemper } from './kitTemper.ts';
import type { ResourceWorld } from './resourceWorld.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimulatedProcess } from './simulatedProcess.ts';

const looseSettings = z.looseObject({ name: z.string() });

type Given = Readonly<{
  process: SimulatedProcess;
  scheduler: Scheduler;
  world: ResourceWorld;
  random: Random;
  types: readonly ResourceType[];
  exclusive: boolean;
  temperOf: (node: string, tag: Tag) => KitTemper;
  onLetGo: (tag: Tag) => void;
  onAct: (request: ActRequest) => void;
  /** No more faults: everything works at the first try. */
  isCalm: () => boolean;
}>;

/** Kits that act on the simulated world: slow, failing, hanging, throwing and lying, each as its temper says. */
export function simulatedKits(given: Given): Kits {
  const { process, scheduler, world, random, types, exclusive, temperOf, onAct, isCalm } = given;
  const node = process.machine.name;
  return {
    typesFor: async () => types,
    served: () => types,
    reports: () => [],
    budgetsOf: () => ({ restore: 10_000, remove: 10_000, recover: 10_000, quickCheck: 2_000 }),
    watchesOf: () => [{ kind: 'mount', mountPoint: '/somewhere' }],
    isExclusive: () => exclusive,
    abort: async ({ tag }) =>
      temperOf(node, tag).abort === 'none' ? undefined : [{ argv: ['abort', tag], budgetMs: 2_000 }],
    act,
    check,
  };

  async function act(request: ActRequest, signal: AbortSignal): Promise<Outcome> {
    const { tag, action } = request;
    onAct(request);
    const temper = temperOf(node, tag);
    const fate = isCalm() ? 1 : random.fraction();
    if (fate < temper.throws) throw new Error('this kit threw');
    const { boot } = process.machine;
    world.change(node, tag, { acting: action });
    const hangs = fate < temper.throws + temper.hangs;
    const fails = !isCalm() && random.often(temper.fails);
    const lies = !isCalm() && random.often(temper.lies);
    const span = hangs ? Number.POSITIVE_INFINITY : random.between(1, isCalm() ? 50 : temper.slowest);
    return spend(span, signal, (isOver): Outcome => {
      if (process.machine.boot !== boot || !process.machine.isUp) return failed('gone');
      world.change(node, tag, { acting: undefined, surprise: false });
      if (!isOver || fails) {
        halfDone(tag, action);
        return failed(isOver ? `${action} went wrong` : 'told to stop');
      }
      if (lies && action !== 'recover') {
        // Of a restore nobody can know before the next check.
        world.change(node, tag, { surprise: action === 'restore' && !world.serves(node, tag) });
        return { result: 'done', evidence: `${action} worked, or so it says` };
      }
      world.change(node, tag, { running: action !== 'remove', broken: false });
      return { result: 'done', evidence: `${action} worked` };
    });
  }

  async function check({ tag }: CheckRequest, signal: AbortSignal): Promise<CheckResult> {
    const temper = temperOf(node, tag);
    const fate = isCalm() ? 1 : random.fraction();
    if (fate < temper.throws / 4) throw new Error('this check threw');
    const span = fate < temper.hangs / 4 ? Number.POSITIVE_INFINITY : random.between(1, 10);
    return spend(span, signal, (isOver): CheckResult => {
      if (!isOver) return { finding: 'timeout', evidence: 'took too long' };
      const reality = world.of(node, tag);
      reality.surprise = false;
      if (!reality.running) return { finding: 'out-of-service', evidence: 'not there' };
      if (reality.broken) return { finding: 'failed', evidence: 'there, and does not serve' };
      return { finding: 'in-service', evidence: 'serves' };
    });
  }

  /** What an action that did not work may leave. A remove that failed may have taken it down or broken it. */
  function halfDone(tag: Tag, action: ActRequest['action']): void {
    if (action === 'remove')
      world.change(node, tag, random.pick([{}, { broken: true }, { running: false, broken: false }]));
    else if (!world.serves(node, tag))
      world.change(node, tag, random.pick([{}, { running: true, broken: true }]));
  }

  /**
   * What a kit does is done by programs, which go on while the agent is stopped, and die with it: `end` is the moment of
   * effect in the world, and the agent hears of it when it can.
   */
  function spend<Value>(span: number, signal: AbortSignal, end: (isOver: boolean) => Value): Promise<Value> {
    return new Promise((resolve) => {
      const finish = (isOver: boolean): void => {
        cancel();
        signal.removeEventListener('abort', onAbort);
        if (process.isDead) return;
        const value = end(isOver);
        process.deliver(() => resolve(value));
      };
      const onAbort = (): void => finish(false);
      let cancel: () => void = () => undefined;
      if (signal.aborted) return finish(false);
      if (Number.isFinite(span)) cancel = worldAfter(span, () => finish(true));
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** A program makes no headway while its machine sleeps. */
  function worldAfter(span: number, act: () => void): () => void {
    return scheduler.after(span, () => process.machine.onceAwake(act));
  }
}

export function simulatedTypes(): readonly ResourceType[] {
  const identity = (settings: unknown) => (settings as { name: string }).name;
  const plain = ['restore', 'remove', 'quickCheck'] as const;
  return [
    { type: 'plain' as TypeName, settings: looseSettings, identity, actions: [...plain] },
    { type: 'repairable' as TypeName, settings: looseSettings, identity, actions: [...plain, 'recover'] },
  ];
}

/** How a program of the quick way out works, whoever runs it. */
export function runAbort(
  given: Pick<Given, 'process' | 'scheduler' | 'world' | 'random' | 'temperOf' | 'isCalm' | 'onLetGo'>,
  { argv, budgetMs }: AbortStep,
): Promise<void> {
  const { process, scheduler, world, random, temperOf, isCalm, onLetGo } = given;
  const tag = argv[1] as Tag;
  const node = process.machine.name;
  onLetGo(tag);
  const fails = !isCalm() && temperOf(node, tag).abort === 'unsure' && random.often(0.4);
  return new Promise((resolve) => {
    scheduler.after(random.between(1, Math.max(1, Math.min(budgetMs, 300))), () =>
      process.machine.onceAwake(() => {
        if (process.isDead) return;
        if (!fails) world.change(node, tag, { running: false, broken: false });
        process.deliver(resolve);
      }),
    );
  });
}

function failed(evidence: string): Outcome {
  return { result: 'failed', evidence, todo: 'try again' };
}
