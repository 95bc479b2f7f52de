import type { ExitCode } from '../exitCodes.ts';
import { type Group, runGroup } from '../program/runGroup.ts';
import type { Surroundings } from '../program/surroundings.ts';

export function holdfast(around: Surroundings): Promise<ExitCode> {
  return runGroup(around, group);
}

/** Each is loaded only when it is called. The agent itself and `kit` are other programs, which the launcher finds. */
const group: Group = {
  name: 'holdfast',
  about: 'Keeps services in service.',
  commands: {
    status: {
      describe: 'Show the node, its hierarchies, and what to do about them',
      load: async () => (await import('./status.ts')).status,
    },
    graph: {
      words: '[TAG]',
      describe: 'Draw a hierarchy: what needs what',
      load: async () => (await import('./graph.ts')).graph,
    },
    restore: {
      words: 'TAG',
      describe: 'Bring a resource into service',
      load: async () => (await import('./restore.ts')).restore,
    },
    remove: {
      words: 'TAG',
      describe: 'Take a resource out of service',
      load: async () => (await import('./remove.ts')).remove,
    },
    recover: {
      words: 'TAG',
      describe: 'Try once more to repair what has failed',
      load: async () => (await import('./recover.ts')).recover,
    },
    move: {
      words: 'TAG NODE',
      describe: 'Bring a hierarchy into service on a node',
      load: async () => (await import('./move.ts')).move,
    },
    'confirm-failover': {
      words: 'NODE',
      describe: 'Let what a node had that is down be taken over, where that is to be confirmed',
      load: async () => (await import('./confirmFailover.ts')).confirmFailover,
    },
    check: {
      words: 'TAG',
      describe: 'Check a resource once, now',
      load: async () => (await import('./check.ts')).check,
    },
    pause: {
      words: 'TAG',
      describe: 'Pause the protection of a resource, for maintenance',
      load: async () => (await import('./pause.ts')).pause,
    },
    resume: {
      words: 'TAG',
      describe: 'Give it back',
      load: async () => (await import('./resume.ts')).resume,
    },
    why: {
      words: 'TAG',
      describe: 'Say why a resource stands as it does, and what would change it',
      load: async () => (await import('./why.ts')).why,
    },
    history: {
      describe: 'List what was done on this node, and why',
      load: async () => (await import('./history.ts')).history,
    },
    operation: {
      words: 'ID',
      describe: 'Show the timeline of one operation',
      load: async () => (await import('./operation.ts')).operation,
    },
    replay: {
      words: 'ID',
      describe: 'Decide again about what an operation came from',
      load: async () => (await import('./replay.ts')).replay,
    },
    apply: {
      words: 'FILE',
      describe: 'Show what a configuration changes, and apply it',
      load: async () => (await import('./apply.ts')).apply,
    },
    diff: {
      words: 'FILE',
      describe: 'Show what a configuration would change',
      load: async () => (await import('./diff.ts')).diff,
    },
    plan: {
      describe: 'Show what would happen in a cluster that a file describes',
      load: async () => (await import('./plan.ts')).plan,
    },
    export: {
      describe: 'Print the configuration that is in force',
      load: async () => (await import('./exportDocument.ts')).exportDocument,
    },
    config: {
      words: 'COMMAND',
      describe: 'Look at the configuration, change a part of it, go back to an earlier one',
      load: async () => (await import('./config/group.ts')).config,
    },
    resource: {
      words: 'COMMAND',
      describe: 'List, add, change and delete resources',
      load: async () => (await import('./resource/group.ts')).resource,
    },
    policy: {
      words: 'COMMAND',
      describe: 'Show and set how failures are found and repaired',
      load: async () => (await import('./policy/group.ts')).policy,
    },
    node: {
      words: 'COMMAND',
      describe: 'List nodes, pause and resume this one',
      load: async () => (await import('./node/group.ts')).node,
    },
    notify: {
      words: 'COMMAND',
      describe: 'Show who is told of what happens, and send them a test',
      load: async () => (await import('./notify.ts')).notify,
    },
    fence: {
      words: 'NODE | list | test',
      describe: 'Cut the power of a node, show and test how that is done',
      load: async () => (await import('./fence.ts')).fence,
    },
    'confirm-down': {
      words: 'NODE',
      describe: 'Say that a node is down for sure, so that the others take over',
      load: async () => (await import('./confirmDown.ts')).confirmDown,
    },
    doctor: {
      describe: 'Check the machine and the settings',
      load: async () => (await import('./doctor.ts')).doctor,
    },
    agent: {
      words: '[COMMAND]',
      describe: 'Run the agent of this node (it does not go into the background); status, stop',
      load: async () => (await import('./agent/group.ts')).agent,
    },
    kit: { words: 'COMMAND', describe: 'Make, show, try and prove recovery kits' },
    support: {
      words: '[FILE]',
      describe: 'Collect what helps to retell what happened into one archive',
      load: async () => (await import('./support.ts')).support,
    },
    completion: {
      words: 'SHELL',
      describe: 'Print the completion script of a shell',
      load: async () => (await import('./completion.ts')).completion,
    },
  },
  examples: [
    ['holdfast apply hierarchy.yaml', 'Make the file the configuration'],
    ['holdfast restore mail', 'Bring mail into service'],
    ['holdfast status --watch', 'How things are, as they change'],
    ['holdfast why mail', 'Why is mail not in service?'],
    ['holdfast COMMAND --help', 'All about one command'],
  ],
};
