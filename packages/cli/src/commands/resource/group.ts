import type { ExitCode } from '../../exitCodes.ts';
import { runGroup } from '../../program/runGroup.ts';
import type { Surroundings } from '../../program/surroundings.ts';

export function resource(around: Surroundings): Promise<ExitCode> {
  return runGroup(around, {
    name: 'holdfast resource',
    about:
      'Lists and changes the resources of the configuration. Each change applies the whole\n' +
      'document anew, by the rules of holdfast apply; nothing is started or stopped by it.',
    commands: {
      list: {
        describe: 'List the resources with their types and states',
        load: async () => (await import('./list.ts')).list,
      },
      show: {
        words: 'TAG',
        describe: 'Show one resource: how it stands, and how it is configured',
        load: async () => (await import('./show.ts')).show,
      },
      add: {
        words: 'TAG TYPE [SETTING=VALUE...]',
        describe: 'Add a resource; it is out of service until it is restored',
        load: async () => (await import('./add.ts')).add,
      },
      set: {
        words: 'TAG [SETTING=VALUE...]',
        describe: 'Change settings of a resource, or what it needs',
        load: async () => (await import('./set.ts')).set,
      },
      extend: {
        words: 'TAG NODE [SETTING=VALUE...]',
        describe: 'Let a hierarchy run on a further node, once that says that it could',
        load: async () => (await import('./extend.ts')).extend,
      },
      unextend: {
        words: 'TAG NODE',
        describe: 'Let a hierarchy no longer run on a node',
        load: async () => (await import('./unextend.ts')).unextend,
      },
      delete: {
        words: 'TAG',
        describe: 'Take a resource out of the configuration',
        load: async () => (await import('./delete.ts')).remove,
      },
    },
    examples: [
      ['holdfast resource list --type ip', 'All addresses'],
      ['holdfast resource add mail-ip ip address=10.77.0.50/24 device=eth0', 'Protect an address'],
      ['holdfast resource set mail --needs mail-ip,mail-disk', 'Change what mail needs'],
    ],
  });
}
