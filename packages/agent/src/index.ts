export { Agent } from './agent.ts';
export type {
  AgentPorts,
  Identity,
  Journal,
  JournalEntry,
  KitReport,
  Kits,
  Log,
  ScriptMoment,
  Scripts,
  Watched,
  Watchers,
} from './ports.ts';
export { SessionLost } from './world.ts';
