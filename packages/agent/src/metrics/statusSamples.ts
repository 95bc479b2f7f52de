import { isInService, isOut, type NotifierState, type Status, states } from '@holdfast/core';
import { type Sample, sample } from './definitions.ts';

/** A kit that would make conditions without end is held to these. */
const conditionsMax = 20;

/** What the status says at this moment. */
export function statusSamples(status: Status, session: string): Sample[] {
  const { node, agent, at, generation, resources, operations } = status;
  return [
    sample('holdfast_agent_info', { node, version: agent.version, session }, 1),
    sample('holdfast_session_age_seconds', {}, Math.max(0, at - agent.startedAt) / 1_000),
    sample('holdfast_configuration_generation', {}, generation),
    sample('holdfast_operations_under_way', {}, operations.length),
    ...resources.flatMap(({ tag, type, state, want, paused, conditions }) => {
      const isAsWanted = want === 'inService' ? isInService(state) : isOut(state);
      const codes = [...new Set(conditions.map(({ code }) => code))].slice(0, conditionsMax);
      return [
        ...states.map((one) =>
          sample('holdfast_resource_state', { tag, type, state: one }, one === state ? 1 : 0),
        ),
        sample('holdfast_resource_as_wanted', { tag, type }, isAsWanted ? 1 : 0),
        sample('holdfast_resource_paused', { tag, type }, paused === undefined ? 0 : 1),
        ...codes.map((code) => sample('holdfast_resource_condition', { tag, type, code }, 1)),
      ];
    }),
  ];
}

export function notifierSamples(notifiers: readonly NotifierState[]): Sample[] {
  return notifiers.flatMap(({ name: notifier, sent, failed, dropped, queued }) => [
    sample('holdfast_notifications_total', { notifier, result: 'sent' }, sent),
    sample('holdfast_notifications_total', { notifier, result: 'failed' }, failed),
    sample('holdfast_notifications_total', { notifier, result: 'dropped' }, dropped),
    sample('holdfast_notifications_queued', { notifier }, queued),
  ]);
}
