import type { Watch } from '@holdfast/kit';
import type { Settings } from './settings.ts';

/** Agents cannot say what to listen to; the operator who knows what an agent starts can. */
export function watch({ watchPidFile, watchAddress, watchMount }: Settings): readonly Watch[] {
  return [
    ...(watchPidFile === undefined ? [] : [{ kind: 'process', pidFile: watchPidFile } as const]),
    ...(watchAddress === undefined ? [] : [{ kind: 'address', address: watchAddress } as const]),
    ...(watchMount === undefined ? [] : [{ kind: 'mount', mountPoint: watchMount } as const]),
  ];
}
