import type { ExitCode } from '../../exitCodes.ts';
import { runGroup } from '../../program/runGroup.ts';
import type { Surroundings } from '../../program/surroundings.ts';

/** The launcher starts the agent itself when no command follows. */
export function agent(around: Surroundings): Promise<ExitCode> {
  return runGroup(around, {
    name: 'holdfast agent',
    about:
      'Without a command: runs the agent of this node; it does not go into the background.\n' +
      'It reads /etc/holdfast/agent.yaml, and stops in order on SIGTERM and SIGINT.',
    commands: {
      status: {
        describe: 'Say whether the agent of this node runs, and since when',
        load: async () => (await import('./status.ts')).status,
      },
      stop: {
        describe: 'Stop it; services stay up, or go down in order first',
        load: async () => (await import('./stop.ts')).stop,
      },
    },
    examples: [
      ['holdfast agent', 'Run it here, as a service manager does'],
      ['holdfast agent stop --services take-down', 'Before the machine is switched off'],
    ],
  });
}
