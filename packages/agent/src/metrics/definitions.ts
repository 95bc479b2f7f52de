type Definition = Readonly<{
  type: 'counter' | 'gauge' | 'histogram';
  /** One sentence. */
  says: string;
  labels: readonly string[];
  /** Upper bounds, for a histogram; in seconds, as every time is. */
  buckets?: readonly number[];
}>;

const quick = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const slow = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/**
 * Every metric of the agent: printed from this, documented from this, and held against this by a test. No label takes
 * a value from outside: tags, types and notifiers are those of the configuration, all else is a closed set.
 */
export const metricDefinitions = {
  holdfast_agent_info: {
    type: 'gauge',
    says: 'Always 1; who tells, and which version and life of the agent it is.',
    labels: ['node', 'version', 'session'],
  },
  holdfast_session_age_seconds: { type: 'gauge', says: 'How long this agent has been running.', labels: [] },
  holdfast_configuration_generation: {
    type: 'gauge',
    says: 'The number of the configuration in force; 0 before there is one.',
    labels: [],
  },
  holdfast_resource_state: {
    type: 'gauge',
    says: '1 for the state in which the resource is on this node, 0 for the others.',
    labels: ['tag', 'type', 'state'],
  },
  holdfast_resource_as_wanted: {
    type: 'gauge',
    says: '1 where the resource is in or out of service as somebody wants it to be.',
    labels: ['tag', 'type'],
  },
  holdfast_resource_paused: {
    type: 'gauge',
    says: '1 where the protection of the resource is paused.',
    labels: ['tag', 'type'],
  },
  holdfast_resource_condition: {
    type: 'gauge',
    says: '1 for each condition beside the state, such as a disk that fills up.',
    labels: ['tag', 'type', 'code'],
  },
  holdfast_operations_under_way: {
    type: 'gauge',
    says: 'Operations that are being carried out.',
    labels: [],
  },
  holdfast_events_total: { type: 'counter', says: 'Events of the stream, by kind.', labels: ['kind'] },
  holdfast_checks_total: {
    type: 'counter',
    says: 'Checks that were made, by what they found.',
    labels: ['type', 'action', 'finding'],
  },
  holdfast_check_duration_seconds: {
    type: 'histogram',
    says: 'How long checks took.',
    labels: ['type', 'action'],
    buckets: quick,
  },
  holdfast_operations_total: {
    type: 'counter',
    says: 'Operations that ended, by what they were for and how they ended.',
    labels: ['purpose', 'result'],
  },
  holdfast_operation_duration_seconds: {
    type: 'histogram',
    says: 'How long operations took.',
    labels: ['purpose'],
    buckets: slow,
  },
  holdfast_steps_total: {
    type: 'counter',
    says: 'Steps of operations that ended, by action and result.',
    labels: ['action', 'result'],
  },
  holdfast_step_duration_seconds: {
    type: 'histogram',
    says: 'How long steps took that were carried out.',
    labels: ['action'],
    buckets: slow,
  },
  holdfast_given_up_total: {
    type: 'counter',
    says: 'How often a resource was left down until a person comes, by why.',
    labels: ['code'],
  },
  holdfast_detection_to_decision_seconds: {
    type: 'histogram',
    says: 'From the check that found a failure to the beginning of the operation that answers it.',
    labels: [],
    buckets: quick,
  },
  holdfast_detection_to_healthy_seconds: {
    type: 'histogram',
    says: 'From the check that found a failure until the resource was in service again.',
    labels: [],
    buckets: slow,
  },
  holdfast_notifications_total: {
    type: 'counter',
    says: 'Messages to people: sent, tries that failed, and messages that were dropped.',
    labels: ['notifier', 'result'],
  },
  holdfast_notifications_queued: {
    type: 'gauge',
    says: 'Messages that wait to be told.',
    labels: ['notifier'],
  },
  holdfast_store_write_seconds: {
    type: 'histogram',
    says: 'How long transactions of the store took; `now` waits for the disk, `soon` does not.',
    labels: ['durable'],
    buckets: quick,
  },
  holdfast_store_failures_total: {
    type: 'counter',
    says: 'Transactions that the store could not carry out, such as on a full disk.',
    labels: [],
  },
  holdfast_watcher_restarts_total: {
    type: 'counter',
    says: 'How often a program that listens to the kernel ended and was started again.',
    labels: ['program'],
  },
  holdfast_event_loop_delay_seconds: {
    type: 'gauge',
    says: 'How late the event loop was, over the last one to two minutes; quantile 1 is the worst.',
    labels: ['quantile'],
  },
  holdfast_series_dropped_total: {
    type: 'counter',
    says: 'Samples of series for which there was no room; a fault in Holdfast.',
    labels: [],
  },
  process_resident_memory_bytes: { type: 'gauge', says: 'Memory of the agent that is in use.', labels: [] },
  process_cpu_seconds_total: { type: 'counter', says: 'Time that the agent had a processor.', labels: [] },
  process_start_time_seconds: {
    type: 'gauge',
    says: 'When the agent started, in seconds since 1970.',
    labels: [],
  },
  nodejs_heap_size_used_bytes: {
    type: 'gauge',
    says: 'What the agent holds in the heap of the language.',
    labels: [],
  },
} as const satisfies Readonly<Record<string, Definition>>;

export type MetricName = keyof typeof metricDefinitions;
type NamesOf<Type> = {
  [Name in MetricName]: (typeof metricDefinitions)[Name]['type'] extends Type ? Name : never;
}[MetricName];
export type CounterName = NamesOf<'counter'>;
export type HistogramName = NamesOf<'histogram'>;
export type LabelsOf<Name extends MetricName> = Readonly<
  Record<(typeof metricDefinitions)[Name]['labels'][number], string>
>;

/** One value at the moment of asking. */
export type Sample<Name extends MetricName = MetricName> = Readonly<{
  name: Name;
  labels: Readonly<Record<string, string>>;
  value: number;
}>;

export function sample<Name extends MetricName>(
  name: Name,
  labels: LabelsOf<Name>,
  value: number,
): Sample<Name> {
  return { name, labels, value };
}

export function definitionOf(name: MetricName): Definition {
  return metricDefinitions[name];
}
