/** Where the agent of this node listens, where it leaves its status for those who come when it is down, and what is its own. */
export type AgentPaths = Readonly<{ socket: string; statusFile: string; settings: string; state: string }>;

/** One root moves every path, so that many nodes live on one machine; empty for the node itself. */
export function agentPaths(root: string): AgentPaths {
  const above = root.replace(/\/+$/, '');
  return {
    socket: `${above}/run/holdfast/agent.sock`,
    statusFile: `${above}/run/holdfast/status.json`,
    settings: `${above}/etc/holdfast/agent.yaml`,
    state: `${above}/var/lib/holdfast`,
  };
}
