import { join } from 'node:path';

/** Where the agent keeps things; all below one folder, so that many nodes can live on one machine. */
export type Paths = Readonly<{
  settings: string;
  /** Folders of global scripts. */
  scripts: string;
  state: string;
  run: string;
  store: string;
  journal: string;
  /** Messages that wait to be told. */
  notify: string;
  /** There while an agent lives, or after one that ended without a stop. */
  life: string;
  logFile: string;
  socket: string;
  /** Small files that helpers read; of this life of the agent alone. */
  watch: string;
  status: string;
  keeper: string;
}>;

export function pathsBelow(root: string): Paths {
  const state = join(root, '/var/lib/holdfast');
  const run = join(root, '/run/holdfast');
  return {
    settings: join(root, '/etc/holdfast/agent.yaml'),
    scripts: join(root, '/etc/holdfast/scripts'),
    state,
    run,
    store: join(state, 'store.db'),
    journal: join(state, 'journal.db'),
    watch: join(run, 'watch'),
    notify: join(state, 'notify'),
    life: join(state, 'life.json'),
    logFile: join(root, '/var/log/holdfast/agent.log'),
    socket: join(run, 'agent.sock'),
    keeper: join(run, 'keeper.sock'),
    status: join(run, 'status.json'),
  };
}
