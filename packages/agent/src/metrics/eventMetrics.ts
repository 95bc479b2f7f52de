import type { AgentEvent } from '@holdfast/core';
import type { Metrics } from './metrics.ts';

type Begun = Extract<AgentEvent, { kind: 'operation-begun' }>;
type Purpose = 'command' | 'repair' | 'other';

/** Operations that never end would be a fault; the memory of them is bounded all the same. */
const rememberedMax = 1_000;

/** Counts what the stream of events tells. Each event is looked at once, beside whoever else listens. */
export class EventMetrics {
  readonly #metrics: Metrics;
  readonly #purposes = new Map<string, Purpose>();
  /** When a failure was found, until it is answered, and until it is over. */
  readonly #undecided = new Map<string, number>();
  readonly #unhealthy = new Map<string, number>();

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  read(event: AgentEvent): void {
    this.#metrics.count('holdfast_events_total', { kind: event.kind });
    switch (event.kind) {
      case 'state-changed':
        this.#stateChanged(event);
        return;
      case 'operation-begun':
        this.#begun(event);
        return;
      case 'step-ended': {
        const { action, result, tookMs } = event;
        this.#metrics.count('holdfast_steps_total', { action, result });
        if (result === 'done' || result === 'failed')
          this.#metrics.observe('holdfast_step_duration_seconds', { action }, tookMs);
        return;
      }
      case 'operation-ended': {
        const { operation, result, tookMs } = event;
        const purpose = this.#purposes.get(operation) ?? 'other';
        this.#purposes.delete(operation);
        this.#metrics.count('holdfast_operations_total', { purpose, result });
        this.#metrics.observe('holdfast_operation_duration_seconds', { purpose }, tookMs);
        return;
      }
      case 'given-up':
        this.#metrics.count('holdfast_given_up_total', { code: event.code });
        return;
      default:
    }
  }

  #stateChanged({ tag, from, to, at }: Extract<AgentEvent, { kind: 'state-changed' }>): void {
    if (to === 'OSF' && (from === 'ISP' || from === 'ISU')) {
      remember(this.#undecided, tag, at);
      remember(this.#unhealthy, tag, at);
      return;
    }
    const since = this.#unhealthy.get(tag);
    if (to === 'OSF' || since === undefined) return;
    if (to === 'ISP') this.#metrics.observe('holdfast_detection_to_healthy_seconds', {}, at - since);
    // Out on its way through a restart it is still not healthy; out for good, nobody waits for it.
    if (to === 'ISP') this.#unhealthy.delete(tag);
  }

  #begun({ operation, commands, steps, at }: Begun): void {
    const isRepair = steps.some(
      ({ because: { code } }) => code === 'check-failed' || code === 'recover-failed',
    );
    const purpose = commands.length > 0 ? 'command' : isRepair ? 'repair' : 'other';
    remember(this.#purposes, operation, purpose);
    for (const { tag } of steps) {
      const since = this.#undecided.get(tag);
      if (since === undefined) continue;
      this.#undecided.delete(tag);
      if (purpose === 'repair')
        this.#metrics.observe('holdfast_detection_to_decision_seconds', {}, at - since);
      // What a person repairs took as long as the person did.
      else this.#unhealthy.delete(tag);
    }
  }
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > rememberedMax && oldest !== undefined) map.delete(oldest);
}
