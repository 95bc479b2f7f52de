import type { AgentEvent, SaidPlan } from '@holdfast/core';

/**
 * Which events belong to a command: those of the operations that carry it out, and those of other operations on the
 * resources of its plan, since it waits for them.
 */
export function concerns(command: string, plan: SaidPlan): (event: AgentEvent) => boolean {
  const tags = new Set(plan.steps.map(({ tag }) => tag));
  const operations = new Set<string>();
  return (event) => {
    switch (event.kind) {
      case 'operation-begun': {
        const isOurs = event.commands.includes(command) || event.steps.some(({ tag }) => tags.has(tag));
        if (isOurs) operations.add(event.operation);
        return isOurs;
      }
      case 'step-begun':
      case 'step-ended':
        return operations.has(event.operation) || tags.has(event.tag);
      case 'operation-ended':
        return operations.has(event.operation);
      case 'state-changed':
      case 'check-failed':
      case 'adopted':
      case 'given-up':
      case 'conditions-changed':
        return tags.has(event.tag);
      case 'moved':
      case 'paused':
      case 'resumed':
        return event.tags.some((tag) => tags.has(tag));
      case 'command-ended':
        return event.command === command;
      // A command may wait for it.
      case 'fence-begun':
      case 'fence-ended':
      case 'confirmed-down':
      case 'script-ended':
      case 'agent-stopping':
      case 'agent-stopped':
        return true;
      case 'configuration-applied':
      case 'agent-started':
      case 'readiness-changed':
        return false;
    }
  };
}
