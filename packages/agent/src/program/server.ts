import { chmod, chown, unlink } from 'node:fs/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import { addRelay } from './peers/relay.ts';
import { allRoutes } from './routes/allRoutes.ts';
import { registerRoutes } from './routes/registerRoutes.ts';
import type { Served } from './routes/route.ts';

/** Largest request: a document of some thousand resources. */
const bodyMaxBytes = 16 * 1024 * 1024;

type Relayed = Parameters<typeof addRelay>[1];
const nobody: Relayed = {
  node: undefined,
  find: () => undefined,
  names: () => [],
  isNode: () => false,
};

/**
 * The agent's API on a Unix socket: whoever may open the socket may command the agent. Listens when the answer
 * comes. The caller holds the store, so a socket that is there already is left over from a dead agent.
 */
export async function serve(
  served: Served,
  socket: string,
  group?: number,
  peers: Relayed = nobody,
): Promise<FastifyInstance> {
  const app = Fastify({ bodyLimit: bodyMaxBytes, forceCloseConnections: true });
  addRelay(app, peers);
  registerRoutes(app, allRoutes, served);
  await unlink(socket).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  const before = process.umask(0o117);
  try {
    await app.listen({ path: socket });
  } finally {
    process.umask(before);
  }
  // Until here it is the agent's own group that may open it, and never anybody else.
  if (group !== undefined) await chown(socket, process.geteuid!(), group);
  await chmod(socket, 0o660);
  return app;
}
