/**
 * One way in which a protected thing can fail, injected for real, with the response that it must get. A kit keeps its
 * faults as a list of these: its tests run each as a test of that name, and `npm run kits:faults` prints them as a
 * table.
 */
export type Fault<Bench> = Readonly<{
  /** What fails, in the words of the checklist. */
  name: string;
  /** The response that it must get. */
  expected: string;
  /** It takes more than 5 s, and belongs to the long tests. */
  takesLong?: true;
  /** Brings about what is needed, injects the fault, and looks. Throws when the response is not the expected one. */
  run: (bench: Bench) => Promise<Seen>;
}>;

/** What was seen, in words, and how long it took from the fault until the thing served again, where it did. */
export type Seen = Readonly<{ seen: string; healthyMs?: number }>;

/** The faults of one kit, and where they are injected. */
export type FaultSuite<Bench> = Readonly<{
  kit: string;
  open: () => Promise<Bench>;
  /** Between two faults: everything out of service, nothing left of the last one. */
  reset: (bench: Bench) => Promise<void>;
  close: (bench: Bench) => Promise<void>;
  /** What something beside the protected thing says of itself: no fault and no response to it may change that. */
  bystander?: (bench: Bench) => Promise<string>;
  faults: readonly Fault<Bench>[];
}>;
