import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Served = Readonly<{ socketPath: string; close: () => Promise<void> }>;

/** A real HTTP server on a Unix socket in a folder of its own. */
export async function serve(answer: RequestListener): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-client-'));
  const socketPath = join(folder, 'agent.sock');
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    socketPath,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}
