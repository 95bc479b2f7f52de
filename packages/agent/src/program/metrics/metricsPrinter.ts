import {
  type Agent,
  type Metrics,
  type Notifiers,
  notifierSamples,
  printMetrics,
  statusSamples,
} from '../../index.ts';
import { processSamples } from './processSamples.ts';

/** Prints all metrics of this agent, as of the moment of asking. */
export function metricsPrinter(given: {
  metrics: Metrics;
  agent: Agent;
  notifiers: Notifiers;
  session: string;
}): Readonly<{ print: () => string; close: () => void }> {
  const { metrics, agent, notifiers, session } = given;
  const health = processSamples();
  return {
    print: () =>
      printMetrics(metrics, [
        ...statusSamples(agent.status(), session),
        ...notifierSamples(notifiers.states()),
        ...health.samples(),
      ]),
    close: health.close,
  };
}
