import type { Watchdog } from '../../keeper/keeper.ts';
import type { WatchdogSettings } from '../cluster/storeSettings.ts';
import { DeviceWatchdog } from './deviceWatchdog.ts';
import { SocketWatchdog } from './socketWatchdog.ts';

export type OpenedWatchdog = Watchdog &
  Readonly<{
    /** Refuses with what is wrong when it cannot be used. Sets its timeout, and arms nothing. */
    prepare: () => Promise<void>;
    /** Nothing runs here and this process ends: answers whether it could be stopped, or was not armed. */
    disarm: () => Promise<boolean>;
  }>;

/** The watchdog that the settings name. */
export function openWatchdog(settings: WatchdogSettings, timeoutMs: number): OpenedWatchdog {
  return 'device' in settings
    ? new DeviceWatchdog({ device: settings.device, timeoutMs })
    : new SocketWatchdog({ path: settings.socket, timeoutMs });
}
