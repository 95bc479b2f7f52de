import type { ExitCode } from '../../exitCodes.ts';
import { runGroup } from '../../program/runGroup.ts';
import type { Surroundings } from '../../program/surroundings.ts';

export function config(around: Surroundings): Promise<ExitCode> {
  return runGroup(around, {
    name: 'holdfast config',
    about:
      'The configuration is one document with a generation. A change of a part of it\n' +
      'applies the whole anew, by the rules of holdfast apply.',
    commands: {
      show: {
        words: '[GENERATION]',
        describe: 'Print the document in force, or an earlier one',
        load: async () => (await import('./show.ts')).show,
      },
      get: {
        words: 'PATH',
        describe: 'Print one part of it',
        load: async () => (await import('./get.ts')).get,
      },
      set: {
        words: 'PATH=VALUE...',
        describe: 'Change parts of it',
        load: async () => (await import('./set.ts')).set,
      },
      history: {
        describe: 'List the generations: when, and by whom',
        load: async () => (await import('./history.ts')).history,
      },
      rollback: {
        words: 'GENERATION',
        describe: 'Apply an earlier generation anew',
        load: async () => (await import('./rollback.ts')).rollback,
      },
    },
    examples: [
      ['holdfast config get resources.mail-ip.settings.address', 'One value'],
      ['holdfast config set policy.quickCheck.every=5s', 'Check everything more often'],
      ['holdfast config rollback 7 --dry-run', 'What would going back change?'],
    ],
  });
}
