import type { ExitCode } from '../../exitCodes.ts';
import { runGroup } from '../../program/runGroup.ts';
import type { Surroundings } from '../../program/surroundings.ts';

export function node(around: Surroundings): Promise<ExitCode> {
  return runGroup(around, {
    name: 'holdfast node',
    about: 'The machines of the configuration, as this node knows them.',
    commands: {
      list: {
        describe: 'List the nodes with their states and what is in service there',
        load: async () => (await import('./list.ts')).list,
      },
      show: {
        words: '[NODE]',
        describe: 'Show one node; this one when none is named',
        load: async () => (await import('./show.ts')).show,
      },
      pause: {
        words: '[NODE]',
        describe: 'Pause the protection of everything on this node, for maintenance',
        load: async () => (await import('./pause.ts')).pauseNode,
      },
      resume: {
        words: '[NODE]',
        describe: 'Give it back',
        load: async () => (await import('./pause.ts')).resumeNode,
      },
    },
    examples: [
      ['holdfast node list', 'Who is there?'],
      ['holdfast node pause --for 1h --why "new kernel"', 'Work on this machine'],
    ],
  });
}
