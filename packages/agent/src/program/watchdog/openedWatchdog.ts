import type { Watchdog } from '../../keeper/keeper.ts';

/** The node's watchdog, as the keeper has it. */
export type OpenedWatchdog = Watchdog &
  Readonly<{
    /** Refuses with what is wrong when it cannot be used. Sets its timeout, and arms nothing. */
    prepare: () => Promise<void>;
    /** Nothing runs here and this process ends: answers whether it could be stopped, or was not armed. */
    disarm: () => Promise<boolean>;
  }>;
