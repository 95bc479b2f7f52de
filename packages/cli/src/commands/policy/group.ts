import type { ExitCode } from '../../exitCodes.ts';
import { runGroup } from '../../program/runGroup.ts';
import type { Surroundings } from '../../program/surroundings.ts';

export function policy(around: Surroundings): Promise<ExitCode> {
  return runGroup(around, {
    name: 'holdfast policy',
    about:
      'How failures are found and repaired. A resource has a value from its own policy, else\n' +
      'from that of its hierarchy, else of the cluster, else the default.',
    commands: {
      show: {
        words: '[TAG]',
        describe: 'Show the values in force, and where each comes from',
        load: async () => (await import('./show.ts')).show,
      },
      set: {
        words: 'NAME=VALUE...',
        describe: 'Set values for a resource, a hierarchy or the cluster',
        load: async () => (await import('./set.ts')).set,
      },
    },
    examples: [
      ['holdfast policy show mail', 'How is mail watched?'],
      ['holdfast policy set --resource mail quickCheck.every=5s', 'Check mail more often'],
    ],
  });
}
