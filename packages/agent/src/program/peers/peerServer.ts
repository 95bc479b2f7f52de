import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import Fastify, { type FastifyInstance } from 'fastify';
import { allRoutes } from '../routes/allRoutes.ts';
import { registerRoutes, sendProblem } from '../routes/registerRoutes.ts';
import type { Served } from '../routes/route.ts';
import { type Address, showAddress } from './address.ts';
import { type Caller, callerNamed } from './callerNamed.ts';
import type { TlsMaterial } from './readTlsFiles.ts';

/** What one listening address bears at most: nobody may take the agent's memory from afar. */
const bounds = { bodyBytes: 16 * 1024 * 1024, connections: 256, handshakeMs: 5_000, requestMs: 30_000 };

/** While an address is not there yet, such as one of a link that is down. */
const listenAgainMs = 5_000;

export type PeerServer = Readonly<{
  renew: (material: TlsMaterial) => void;
  close: () => Promise<void>;
}>;

/**
 * The API for the other nodes, on one address: mutual TLS 1.3, and only for who is named as a node. It may be asked for
 * everything that the socket may, for an operator steers the cluster from any node; what is done names where it came from.
 */
export function servePeers(given: {
  served: Served;
  address: Address;
  nodes: readonly string[];
  material: TlsMaterial;
}): PeerServer {
  const { served, address, nodes, material } = given;
  const { log } = served;
  const callers = new WeakMap<object, Caller>();
  let server!: Server;
  const app = Fastify({
    bodyLimit: bounds.bodyBytes,
    forceCloseConnections: true,
    serverFactory: (handler) => {
      server = createServer(
        {
          ...optionsOf(material),
          requestCert: true,
          rejectUnauthorized: true,
          handshakeTimeout: bounds.handshakeMs,
          requestTimeout: bounds.requestMs,
          headersTimeout: bounds.requestMs,
          keepAliveTimeout: bounds.requestMs,
        },
        handler as (request: IncomingMessage) => void,
      );
      server.maxConnections = bounds.connections;
      server.on('tlsClientError', (error, socket) =>
        log.warn(
          { event: 'peer-refused', from: socket.remoteAddress, error: error.message },
          `a connection from ${socket.remoteAddress} was refused: ${error.message}`,
        ),
      );
      return server as unknown as ReturnType<
        NonNullable<Parameters<typeof Fastify>[0]>['serverFactory'] & object
      >;
    },
  }) as unknown as FastifyInstance;
  const callerOf = (raw: IncomingMessage): Caller => {
    const known = callers.get(raw.socket);
    if (known !== undefined) return known;
    const caller = callerNamed((raw.socket as TLSSocket).getPeerX509Certificate(), nodes);
    callers.set(raw.socket, caller);
    if (!caller.ok)
      log.warn(
        { event: 'peer-refused', from: raw.socket.remoteAddress, why: caller.why },
        `${raw.socket.remoteAddress} was refused: ${caller.why}`,
      );
    return caller;
  };
  app.addHook('onRequest', async (request, reply) => {
    const caller = callerOf(request.raw);
    if (!caller.ok)
      return sendProblem(reply, 403, {
        code: 'NOT_A_NODE',
        what: 'Only nodes of this cluster may ask',
        why: caller.why,
        todo: 'give the node a certificate in its own name, and name it under peers in agent.yaml of every node',
      });
    if (request.method !== 'GET')
      log.info(
        { event: 'asked-by-peer', node: caller.node, method: request.method, path: request.url },
        `${caller.node} asks: ${request.method} ${request.url}`,
      );
    return undefined;
  });
  registerRoutes(app, allRoutes, served, ({ raw }) => {
    const caller = callerOf(raw);
    return caller.ok ? caller.node : undefined;
  });
  const closed = new AbortController();
  void listen(app, address, served, closed.signal);
  return {
    renew: (newer) => server.setSecureContext(optionsOf(newer)),
    close: async () => {
      closed.abort();
      // Fastify closes only what it opened itself.
      server.close();
      server.closeAllConnections();
      await app.close();
    },
  };
}

function optionsOf({ ca, cert, key }: TlsMaterial) {
  return { ca, cert, key, minVersion: 'TLSv1.3' as const };
}

/** An address that cannot be listened on keeps the node from nothing; it is tried again until it can. */
async function listen(
  app: FastifyInstance,
  address: Address,
  { log }: Served,
  closed: AbortSignal,
): Promise<void> {
  await app.ready();
  const { server } = app;
  let says = '';
  const attempt = (): void => {
    if (!closed.aborted && !server.listening) server.listen({ host: address.host, port: address.port });
  };
  server.on('listening', () => {
    says = '';
    log.info(
      { event: 'listening', address: showAddress(address) },
      `other nodes reach this one at ${showAddress(address)}`,
    );
  });
  server.on('error', (error: Error) => {
    if (says !== error.message)
      log.error(
        { event: 'not-listening', address: showAddress(address), error: error.message },
        `other nodes do not reach this one at ${showAddress(address)}: ${error.message}; trying again every ${listenAgainMs / 1000} s`,
      );
    says = error.message;
    setTimeout(attempt, listenAgainMs).unref();
  });
  attempt();
}
