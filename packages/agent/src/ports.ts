import type {
  Action,
  AgentEvent,
  BeatTimes,
  BootId,
  CheckAction,
  FenceDevice,
  FencingSettings,
  Finding,
  NodeName,
  Plan,
  Problem,
  Resource,
  ResourceType,
  SessionId,
  Status,
  StoreStatus,
  Tag,
  TypeName,
  View,
} from '@holdfast/core';
import type { Chance, CheckRequest, Clock, KitRunner } from '@holdfast/engine';
import type { AbortStep, Budgets, Readiness, Watch } from '@holdfast/kit';
import type { ClusterStore } from '@holdfast/store';
import type { BootClock } from './keeper/bootClock.ts';
import type { FenceRecord } from './keeper/fenceRecord.ts';
import type { RightLost } from './keeper/judgeRight.ts';
import type { OwnSession } from './keeper/sessionRules.ts';

/** Who the agent is: this life of it, on this boot of this node. */
export type Identity = Readonly<{
  node: NodeName;
  boot: BootId;
  session: SessionId;
  version: string;
  pid: number;
}>;

/** A kit as an operator is told of it. */
export type KitReport = NonNullable<Status['kits']>[number];

/** The kits that are loaded. */
export type Kits = KitRunner &
  Readonly<{
    /**
     * What is known of the types that a document names, from kits that are asked now. What stands in `kept`, the
     * document in force, is accepted as it stands where its kit is missing or cannot answer: it is not lost, and its
     * checks say why nothing is known of it.
     */
    typesFor: (document: unknown, kept: unknown) => Promise<readonly ResourceType[]>;
    /** The types that are served now, and what each can do. */
    served: () => readonly Readonly<{ type: TypeName; actions: readonly Action[] }>[];
    /** Each kit that was named, and how it stands. */
    reports: () => readonly KitReport[];
    /** Budgets of a type's actions, where the policy gives none. */
    budgetsOf: (type: TypeName) => Budgets;
    /** What to listen to while it is in service; empty where the kit declares nothing. */
    watchesOf: (resource: Resource, node: NodeName) => readonly Watch[];
    /** Could this node run it? Undefined where the kit has no preflight. */
    preflight?: (
      request: Omit<CheckRequest, 'action'>,
      signal: AbortSignal,
    ) => Promise<Readiness | undefined>;
    /** A double run of the type destroys data. */
    isExclusive?: (type: TypeName) => boolean;
    /** The quick way out of what is in service, as data. Undefined where the kit has none. */
    abort?: (
      request: Omit<CheckRequest, 'action'>,
      signal: AbortSignal,
    ) => Promise<readonly AbortStep[] | undefined>;
  }>;

/** An operation as the journal keeps it. */
export type JournalEntry = Readonly<{
  id: string;
  session: string;
  cause: string;
  detectedAt?: number;
  begunAt: number;
  endedAt?: number;
  result: 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';
  events: readonly AgentEvent[];
}>;

/**
 * What was done and why. Written before it is done. A journal that cannot be written does not keep a node from
 * recovering: implementations log it and go on.
 */
export type Journal = Readonly<{
  /** The view is what the decision came from, for explaining and deciding again. */
  begin: (entry: { id: string; cause: string; at: number; plan: unknown; view: unknown }) => void;
  /** An event: of the operation that it names, else of the node. */
  record: (event: AgentEvent) => void;
  end: (id: string, result: JournalEntry['result'], at: number) => void;
  find: (id: string) => Promise<JournalEntry | undefined>;
  /** What an operation came from, as it was kept. */
  decisionOf: (id: string) => Promise<{ plan: Plan; view: View } | undefined>;
  /** Newest first. */
  list: (max: number) => Promise<readonly JournalEntry[]>;
  /** Events from a moment on, in order; the last `max` of them. */
  events: (since: number, max: number) => Promise<readonly AgentEvent[]>;
}>;

/** One resource to listen for, in one life of it: a new life begins each time that it comes into service. */
export type Watched = Readonly<{ tag: Tag; life: number; watches: readonly Watch[] }>;

/** Listens for what hints at a failure. What it hears only suspects: a check follows, and decides. */
export type Watchers = Readonly<{
  /** From now on these, and no others. */
  watch: (wanted: readonly Watched[]) => void;
  onSuspicion: (listener: (tag: Tag, why: string) => void) => void;
  close: () => void;
}>;

/** Events with fields, so that a night can be retold. Never a secret. */
export type Log = Readonly<{
  debug: (fields: object, says: string) => void;
  info: (fields: object, says: string) => void;
  warn: (fields: object, says: string) => void;
  error: (fields: object, says: string) => void;
}>;

/** When a global script runs: before or after an action, once for the whole of a command. */
export type ScriptMoment = `${'pre' | 'post'}-${'restore' | 'remove' | 'delete'}`;

/** The operator's own programs around commands. */
export type Scripts = Readonly<{
  /** In the order in which they run; with a refusal none of them may. */
  find: (moment: ScriptMoment) => Promise<
    Readonly<{
      scripts: readonly string[];
      refusals: readonly Readonly<{ path: string; why: string; todo: string }>[];
    }>
  >;
  /** Runs one to its end, within a budget. Does not throw for how it ends. */
  run: (
    script: string,
    call: Readonly<{ args: readonly string[]; env: Readonly<Record<string, string>> }>,
  ) => Promise<Readonly<{ result: 'done' | 'failed'; evidence: string; tookMs: number }>>;
}>;

/** What a keeper says to its agent. */
export type KeeperEars = Readonly<{
  /** The right to act under this session lasts until then, on the boot clock. Said again with each beat. */
  onRight: (own: OwnSession, until: number) => void;
  /** Everything is to be let go of, and looked at: the quick way out runs already. */
  onLost: (because: RightLost) => void;
  /** Others make sure that this node is down, or were told that it is: it does not join. Said at each try. */
  onMayNotJoin: (verdict: Readonly<{ because: string; fence: FenceRecord }>) => void;
  /** A turn of the loop is to be completed, and told. */
  onAsk: () => void;
}>;

/**
 * The keeper of this node, as its agent sees it: a process of its own that keeps the right to act, and lets go of
 * everything when that is over and the agent no longer can.
 */
export type KeeperPort = Readonly<{
  /** As it was found: `dropping` where an earlier agent left something whose time is over. */
  phase: 'idle' | 'armed' | 'dropping';
  /** Agents die here again and again: this one is to take everything down in order, and to end. */
  isToLeave: boolean;
  /** Everything was looked at: asks for a right to act, with what runs already of the hierarchies that have a claim. */
  begin: (runs: readonly string[]) => void;
  /** Whether anything may run here, and the quick way out of it: what stands first is let go of first. */
  runs: (anything: boolean, levels: readonly (readonly (readonly AbortStep[])[])[]) => void;
  turned: () => void;
  /** Everything is down and was looked at, and this agent ends: its session too. */
  allIsDown: () => void;
  close: () => void;
}>;

/** What a device can be told: the words of the package fence-agents. */
export type FenceAction = 'off' | 'reboot' | 'on' | 'status' | 'monitor';

export type FenceAnswer = Readonly<{
  /** Exit code 0. With `status` that is: reached, and the power is on. */
  ok: boolean;
  exitCode: number | undefined;
  /** One line, without any secret. */
  says: string;
  tookMs: number;
}>;

/** The fence devices, as they are reached from this node. */
export type Fencer = Readonly<{
  /** Tells a device once to do something to a node, within the device's timeout. Does not throw for how it ends. */
  run: (
    request: Readonly<{ device: FenceDevice; action: FenceAction; node: NodeName }>,
    signal: AbortSignal,
  ) => Promise<FenceAnswer>;
  /** What keeps devices from being used from here. */
  findProblems: (fencing: FencingSettings) => Promise<readonly Problem[]>;
}>;

/** What a node of a cluster has beside: how it keeps its right to act, and how it lets go when that is lost. */
export type ClusterPorts = Readonly<{
  times: BeatTimes;
  bootClock: BootClock;
  /** `onEnd`: the keeper is gone, and what runs here has to go. */
  openKeeper: (ears: KeeperEars & Readonly<{ onEnd: () => void }>) => Promise<KeeperPort>;
  /** Runs one program of a kit's quick way out, within its budget. Does not throw for how it ends. */
  runAbort: (step: AbortStep) => Promise<void>;
  fencer: Fencer;
  /** What destroys data when it runs twice is taken over from a dead node though nothing proves that it is down. */
  takeoverWithoutFence: boolean;
  /** The configured way to take this node down: what could not be let go of must not run on. */
  takeNodeDown: (why: string) => Promise<void>;
}>;

/** How another node is reached, and what it last said of itself. */
export type PeerReport = Pick<Status['nodes'][number], 'paths' | 'told'>;

/** All that the agent knows of the world, handed in where the program is assembled. */
export type AgentPorts = Readonly<{
  identity: Identity;
  clock: Clock;
  chance: Chance;
  store: ClusterStore;
  kits: Kits;
  watchers: Watchers;
  scripts: Scripts;
  journal: Journal;
  log: Log;
  /** Told of each check that was made. */
  onCheck?: (check: { resource: Resource; action: CheckAction; finding: Finding; tookMs: number }) => void;
  /** Tells the status to whoever reads it without asking the agent. */
  publish: (status: Status) => void;
  /** The other nodes as they answer directly, without the store; nothing of one that agent.yaml does not name. */
  peers?: (node: NodeName) => PeerReport | undefined;
  /** How the members of the store answer. Left out where the node keeps its own. */
  storeStatus?: () => StoreStatus;
  /** Left out where the node is alone. */
  cluster?: ClusterPorts;
}>;
