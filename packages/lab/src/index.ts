export { HolderWatch } from './cluster/holderWatch.ts';
export { HoldfastCluster, type HoldfastOptions } from './cluster/holdfastCluster.ts';
export { lostRows } from './cluster/lostRows.ts';
export { Outside } from './cluster/outside.ts';
export { openPowerSwitch, secretFile } from './cluster/powerSwitch.ts';
export { dataDirectory, mountPoint, type Name, names, otherOf, Trio } from './cluster/trio.ts';
export type { DiskOptions } from './disk.ts';
export type { EtcdMember } from './etcd/etcdMember.ts';
export { type EtcdOptions, type LabEtcd, startEtcd } from './etcd/startEtcd.ts';
export type { Fault, FaultSuite, Seen } from './fault.ts';
export {
  type FenceCall,
  type FenceMood,
  type FenceOptions,
  type LabFence,
  startFence,
} from './fence/startFence.ts';
export { findPostgres } from './findPostgres.ts';
export { LabError } from './labError.ts';
export type { LabHost, LabNode } from './labHost.ts';
export { type Frozen, type Lab, openLab } from './openLab.ts';
export { type Lines, openLines } from './openLines.ts';
export { type PostgresOptions, preparePostgres } from './preparePostgres.ts';
export { type LabWatchdog, standInWatchdog } from './standInWatchdog.ts';
export { type AgentConfig, type AgentOptions, type LabAgent, startAgent } from './startAgent.ts';
export { testFaults } from './testFaults.ts';
