export { Agent } from './agent.ts';
export type { AgentCareRules } from './keeper/agentCare.ts';
export { Keeper, type KeeperPorts, type Watchdog } from './keeper/keeper.ts';
export {
  definitionOf,
  type MetricName,
  metricDefinitions,
  type Sample,
  sample,
} from './metrics/definitions.ts';
export { EventMetrics } from './metrics/eventMetrics.ts';
export { Metrics } from './metrics/metrics.ts';
export { metricsType, printMetrics } from './metrics/printMetrics.ts';
export { notifierSamples, statusSamples } from './metrics/statusSamples.ts';
export type { Message, SentMessage } from './notify/message.ts';
export type { KeptQueue, Sender, SendResult } from './notify/notifier.ts';
export { Notifiers, type NotifiersPorts } from './notify/notifiers.ts';
export type {
  AgentPorts,
  ClusterPorts,
  FenceAction,
  FenceAnswer,
  Fencer,
  Identity,
  Journal,
  JournalEntry,
  KeeperEars,
  KeeperPort,
  KitReport,
  Kits,
  Log,
  PeerReport,
  ScriptMoment,
  Scripts,
  Watched,
  Watchers,
} from './ports.ts';
export { SessionLost } from './world.ts';
