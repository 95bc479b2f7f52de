import type { Settings } from './settings.ts';

/**
 * The agent with all that it was given: which of its parameters name the protected thing only its metadata know, and a
 * document is read without running anything. A secret is told by its file.
 */
export function identify({ provider, agent, parameters }: Settings): string {
  const given = Object.entries(parameters)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : `file:${value.file}`}`);
  return [`${provider}:${agent}`, ...given].join(' ');
}
