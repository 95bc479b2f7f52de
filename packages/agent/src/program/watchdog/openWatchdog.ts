import type { WatchdogSettings } from '../cluster/storeSettings.ts';
import { DeviceWatchdog } from './deviceWatchdog.ts';
import type { OpenedWatchdog } from './openedWatchdog.ts';
import { SocketWatchdog } from './socketWatchdog.ts';

/** The watchdog that the settings name. */
export function openWatchdog(settings: WatchdogSettings, timeoutMs: number): OpenedWatchdog {
  return 'device' in settings
    ? new DeviceWatchdog({ device: settings.device, timeoutMs })
    : new SocketWatchdog({ path: settings.socket, timeoutMs });
}
