/** Where the agent of this node listens, and where it leaves its status for those who come when it is down. */
export type AgentPaths = Readonly<{ socket: string; statusFile: string }>;

/** One root moves every path, so that many nodes live on one machine; empty for the node itself. */
export function agentPaths(root: string): AgentPaths {
  const folder = `${root.replace(/\/+$/, '')}/run/holdfast`;
  return { socket: `${folder}/agent.sock`, statusFile: `${folder}/status.json` };
}
