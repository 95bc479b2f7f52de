import type { Problem } from '@holdfast/core';

/* Why something about the fence of a node is refused. */

export function lives(node: string): Problem {
  return {
    code: 'NODE_LIVES',
    path: node,
    what: `${node} is not down: its session lives`,
    why: 'it raised its beat within the time after which the others end its session',
    todo: `if it hangs, have it fenced: holdfast fence ${node}; if it was switched off just now, say it again in a moment`,
  };
}

export function nothingToConfirm(node: string, why: string): Problem {
  return {
    code: 'NOTHING_TO_CONFIRM',
    path: node,
    what: `Nobody waits for ${node} to be down`,
    why,
    todo: 'see what is waited for: holdfast status',
  };
}

export function cannotWrite(node: string): Problem {
  return {
    code: 'IN_CLUSTER',
    path: node,
    what: `Nothing can be written about ${node} from here now`,
    why: 'this node has no session, or the store does not answer: it has no quorum',
    todo: 'ask on a node that has one, or bring the store back first: holdfast status',
  };
}

export function overtaken(node: string): Problem {
  return {
    code: 'BUSY',
    path: node,
    what: `What is known of ${node} changed at the same moment`,
    why: 'it joined again, or another node has begun to fence it',
    todo: 'look again, then repeat it if it is still needed: holdfast status',
  };
}

export function noWay(node: string): Problem {
  return {
    code: 'NO_FENCE',
    path: node,
    what: `${node} cannot be fenced`,
    why: 'the configuration has no fencing.nodes for it',
    todo: `configure a device, or switch ${node} off by hand and say so: holdfast confirm-down ${node}`,
  };
}

export function underWay(node: string, by = 'this node'): Problem {
  return {
    code: 'BUSY',
    path: node,
    what: `${node} cannot be fenced at this moment`,
    why: `${by} is fencing already: one fence at a time`,
    todo: 'wait until that is over: holdfast fence list',
  };
}

/** What a person can do about a fence that failed. */
export function todoFor(node: string): string {
  return `mend the device (holdfast fence test), or make sure by eye that ${node} is down and say so: holdfast confirm-down ${node}`;
}
