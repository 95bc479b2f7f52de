import type { AgentPorts } from '@holdfast/agent';

const silent = () => undefined;

/** What a test does not look at: nothing is kept, logged or told. */
export const quietPorts: Pick<AgentPorts, 'journal' | 'log' | 'publish' | 'scripts'> = {
  journal: {
    begin: silent,
    record: silent,
    end: silent,
    find: async () => undefined,
    decisionOf: async () => undefined,
    list: async () => [],
    events: async () => [],
  },
  log: { debug: silent, info: silent, warn: silent, error: silent },
  publish: silent,
  scripts: {
    find: async () => ({ scripts: [], refusals: [] }),
    run: async () => ({ result: 'done', evidence: '', tookMs: 0 }),
  },
};
