/**
 * The words of Holdfast, each said once. Types, command line, logs, errors and documents use the same words.
 *
 *   parent --needs--> child      children are restored first and removed last
 *
 *                 restore ok                     check fails
 *        OSU ------------------> ISP (or ISU) ------------------> OSF
 *         ^                       |                                |
 *         +------- remove --------+                                |
 *         +---------------------- remove --------------------------+
 */

declare const brand: unique symbol;
type Brand<Base, Name> = Base & { readonly [brand]: Name };

/** The unique name of one protected thing: a mount, an address, a database. */
export type Tag = Brand<string, 'Tag'>;
/** The name of one machine of the cluster. LifeKeeper calls it a system. */
export type NodeName = Brand<string, 'NodeName'>;
/** The name of a kind of resource; one kit serves one type. */
export type TypeName = Brand<string, 'TypeName'>;
/** The lasting name of a hierarchy, given when its first resource is made. */
export type HierarchyId = Brand<string, 'HierarchyId'>;
/** One boot of one node: a claim of an earlier boot is not a claim of this one. */
export type BootId = Brand<string, 'BootId'>;
/** One life of the agent's right to act on its node. */
export type SessionId = Brand<string, 'SessionId'>;
export type StepId = Brand<string, 'StepId'>;

/** Milliseconds: a span of time, or a moment on the clock that the reader was given. */
export type Millis = number;
/** Rises by one with each configuration that was applied. */
export type Generation = number;

/**
 * Where a resource stands on one node. One meaning each; "the disk is 92 % full" is a condition beside the state.
 * `ISP` in service, protected. `ISU` in service, its protection is paused. `OSU` out of service, unimpaired.
 * `OSF` out of service because of a failure; parts of it may still run. `ILLSTATE` not known yet.
 */
export const states = ['ISP', 'ISU', 'OSU', 'OSF', 'ILLSTATE'] as const;
export type State = (typeof states)[number];

/**
 * What a check found. `timeout` is a failure only after several in a row. `unknown` says that the check could
 * not be made: it is never treated as a failure.
 */
export const findings = ['in-service', 'out-of-service', 'degraded', 'failed', 'timeout', 'unknown'] as const;
export type Finding = (typeof findings)[number];

/** What a kit can do. The first three are what every kit must do. */
export const actions = [
  'restore',
  'remove',
  'quickCheck',
  'deepCheck',
  'recover',
  'watch',
  'preflight',
  'abort',
] as const;
export type Action = (typeof actions)[number];

/** The actions that a plan is made of. */
export const stepActions = ['restore', 'remove', 'recover'] as const satisfies readonly Action[];
export type StepAction = (typeof stepActions)[number];
export type CheckAction = Extract<Action, 'quickCheck' | 'deepCheck'>;

/** What the operator wants of one resource, wherever it runs. */
export const wants = ['inService', 'outOfService'] as const;
export type Want = (typeof wants)[number];

/** `active` takes and runs; `standby` takes nothing and gives away what it has; `paused` leaves all as it is. */
export const nodeModes = ['active', 'standby', 'paused'] as const;
export type NodeMode = (typeof nodeModes)[number];

/** Something worth knowing beside the state, such as "the disk is 92 % full". It never changes the state. */
export type Condition = Readonly<{ code: string; says: string }>;

/** In service, whether or not its protection is paused. */
export function isInService(state: State): boolean {
  return state === 'ISP' || state === 'ISU';
}

/**
 * Surely out of service. A failed or unknown resource is neither in service nor out: parts of it may run, so it
 * is removed before what it needs is removed.
 */
export function isOut(state: State): boolean {
  return state === 'OSU';
}

/** Makes a forgotten case of a closed set a compile error, and a broken assumption an exception. */
export function assertNever(value: never): never {
  throw new Error(`no case for ${JSON.stringify(value)}`);
}
