export { Agent } from './agent.ts';
export type { AgentPorts, Identity, Journal, JournalEntry, Kits, Log } from './ports.ts';
export { SessionLost } from './world.ts';
