import type { Millis } from '@holdfast/core';

/** Rises while the machine is suspended too, and never jumps: on Linux `/proc/uptime`. */
export type BootClock = Readonly<{ now: () => Millis }>;
