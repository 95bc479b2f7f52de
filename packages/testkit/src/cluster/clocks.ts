/** Rises while the machine is suspended too, and never jumps. */
export type BootClock = Readonly<{ now: () => number }>;
