export { showPlan as show } from '@holdfast/core';
export { AgentBench } from './agent/agentBench.ts';
export { type Behaviour, FakeNode } from './agent/fakeNode.ts';
export { quietPorts } from './agent/quietPorts.ts';
export { type PlantedInCluster, plantedInCluster } from './cluster/planted.ts';
export { type ClusterSimulation, simulateCluster } from './cluster/simulateCluster.ts';
export { MemoryDisk, openMemoryStore } from './simulate/memoryStore.ts';
export { Random } from './simulate/random.ts';
export {
  type Fault,
  type Planted,
  type Simulation,
  type SimulationOptions,
  simulate,
} from './simulate/simulate.ts';
export { VirtualTime } from './simulate/virtualTime.ts';
export * from './text/arbitraries.ts';
export * from './text/configurationOf.ts';
export * from './text/fakeType.ts';
export * from './text/hierarchy.ts';
export { sayWorld } from './text/sayWorld.ts';
export * from './text/states.ts';
export { text } from './text/text.ts';
export * from './text/viewOf.ts';
