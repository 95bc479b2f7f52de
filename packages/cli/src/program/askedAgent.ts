import { type AgentPaths, type Client, connect } from '@holdfast/client';

/** The agent that a command asks: that of this node, or through it the one that was named with `-d`. */
export type AskedAgent = Readonly<{
  /** Undefined for this node. */
  node: () => string | undefined;
  choose: (node: string) => void;
  connect: () => Client;
}>;

export function askedAgent(paths: AgentPaths): AskedAgent {
  let chosen: string | undefined;
  return {
    node: () => chosen,
    choose: (node) => {
      chosen = node;
    },
    connect: () => connect({ socketPath: paths.socket, ...(chosen === undefined ? {} : { node: chosen }) }),
  };
}
