import type { CommandRequest } from '@holdfast/core';
import type { CheckRequest } from '../../follow/performCheck.ts';

/** The options of `perform_action`, each settled. */
export type ActionOptions = Readonly<{
  tag: string;
  action: string;
  /** -s */
  isNarrow: boolean;
  /** -b */
  isWhole: boolean;
  /** -n */
  refuseIfElsewhere: boolean;
  dryRun: boolean;
  /** -G */
  skipScripts: boolean;
  args: readonly string[];
}>;

export type OtherRequest = Readonly<{ tag: string; action: string; args: string[] }>;

export type ActionRequest =
  | Readonly<{ kind: 'command'; request: CommandRequest }>
  | Readonly<{ kind: 'check'; request: CheckRequest }>
  | Readonly<{ kind: 'other'; request: OtherRequest }>
  | Readonly<{ kind: 'misused'; what: string }>;

/**
 * What LifeKeeper's options mean in words of the API. An option that would do nothing is refused: who gives it
 * expects something of it.
 */
export function toRequest(options: ActionOptions): ActionRequest {
  const { tag, action, isNarrow, isWhole, refuseIfElsewhere, dryRun } = options;
  const skipScripts = options.skipScripts ? { skipScripts: true } : {};
  const args = [...options.args];
  switch (action) {
    case 'restore':
      if (isWhole) return misused('-b goes with remove: restore always brings what is below');
      return {
        kind: 'command',
        request: { action, tag, parents: !isNarrow, refuseIfElsewhere, dryRun, args, ...skipScripts },
      };
    case 'remove':
      if (isNarrow && isWhole) return misused('-s and -b contradict each other');
      if (refuseIfElsewhere) return misused('-n goes with restore');
      return {
        kind: 'command',
        request: {
          action,
          tag,
          reach: isNarrow ? 'only' : isWhole ? 'whole' : 'above',
          here: true,
          dryRun,
          args,
          ...skipScripts,
        },
      };
    default:
      if (isNarrow || isWhole || refuseIfElsewhere || dryRun || options.skipScripts)
        return misused(`-G, -s, -b, -n and --dry-run go with restore and remove, not with ${action}`);
      if (action === 'quickCheck' || action === 'deepCheck')
        return { kind: 'check', request: { tag, action, args } };
      return { kind: 'other', request: { tag, action, args } };
  }
}

function misused(what: string): ActionRequest {
  return { kind: 'misused', what };
}
