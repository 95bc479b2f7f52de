import { type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { SaidProblem } from '@holdfast/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from '../routes/registerRoutes.ts';
import type { OpenPeer } from './openPeers.ts';

/** Names the node for which a request is meant. What it holds is written as in an address: `%20` for a space. */
const header = 'holdfast-node';

/** So many at once; each is a connection of its own. */
const relayedMax = 64;

/**
 * On the socket of this node: a request that names another node is handed on to it, and its answer comes back as it is,
 * streams too. So whoever may command this agent commands any node from here, and needs no key of his own.
 */
export function addRelay(
  app: FastifyInstance,
  peers: Readonly<{
    node: string | undefined;
    find: (node: string) => OpenPeer | undefined;
    names: () => readonly string[];
    /** Whether the configuration knows it, reachable or not. */
    isNode: (node: string) => boolean;
  }>,
): void {
  let relayed = 0;
  app.addHook('onRequest', async (asked: FastifyRequest, reply: FastifyReply) => {
    const node = nodeIn(asked.headers);
    if (node === undefined || node === peers.node) return undefined;
    const peer = peers.find(node);
    if (peer === undefined) return refuseUnnamed(reply, node, peers);
    if (relayed >= relayedMax) return sendProblem(reply, 503, tooMany(node));
    relayed += 1;
    reply.raw.once('close', () => {
      relayed -= 1;
    });
    try {
      const socket = await peer.connect();
      if (reply.raw.destroyed) {
        socket.destroy();
        return reply.hijack();
      }
      reply.hijack();
      handOn(asked.raw, reply.raw, socket, node);
      return reply;
    } catch (error) {
      return sendProblem(reply, 503, unreachable(node, (error as Error).message));
    }
  });
}

function nodeIn(headers: IncomingHttpHeaders): string | undefined {
  const { [header]: named } = headers;
  if (typeof named !== 'string') return undefined;
  try {
    return decodeURIComponent(named);
  } catch {
    return named;
  }
}

function handOn(asked: IncomingMessage, answer: ServerResponse, socket: TLSSocket, node: string): void {
  const { 'content-type': type, 'content-length': length } = asked.headers;
  const sent = request(
    {
      createConnection: () => socket,
      method: asked.method,
      path: asked.url,
      headers: {
        host: 'agent',
        connection: 'close',
        ...(type === undefined ? {} : { 'content-type': type }),
        ...(length === undefined ? {} : { 'content-length': length }),
      },
    },
    (response) => {
      const { 'content-type': told, 'content-length': announced } = response.headers;
      answer.writeHead(response.statusCode ?? 502, {
        ...(told === undefined ? {} : { 'content-type': told }),
        ...(announced === undefined ? {} : { 'content-length': announced }),
      });
      answer.flushHeaders();
      // One that was cut off must not look like one that is whole.
      response.on('error', () => answer.destroy());
      response.pipe(answer);
    },
  );
  sent.on('error', (error) => {
    if (answer.headersSent) answer.destroy();
    else refuseRaw(answer, lostOnTheWay(node, error.message));
  });
  // Whoever asked has left: the other node need not go on telling.
  answer.once('close', () => socket.destroy());
  asked.pipe(sent);
}

function refuseRaw(answer: ServerResponse, problem: Omit<SaidProblem, 'path'>): void {
  const text = JSON.stringify({ problems: [{ path: '', ...problem }] });
  answer.writeHead(503, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  answer.end(text);
}

function refuseUnnamed(
  reply: FastifyReply,
  node: string,
  { names, isNode }: Pick<Parameters<typeof addRelay>[1], 'names' | 'isNode'>,
): FastifyReply {
  const named = names();
  const why =
    named.length === 0
      ? 'agent.yaml of this node names no other nodes'
      : `agent.yaml of this node names only ${named.join(', ')}`;
  if (isNode(node))
    return sendProblem(reply, 503, {
      code: 'NODE_UNREACHABLE',
      what: `The node ${node} cannot be asked from here`,
      why,
      todo: `give each node api: and peers: in agent.yaml, or run the command on ${node}`,
    });
  return sendProblem(reply, 404, {
    code: 'UNKNOWN_NODE',
    what: `There is no node ${node}`,
    why: `the configuration does not list it, and ${why}`,
    todo: 'list the nodes: holdfast node list',
  });
}

function unreachable(node: string, why: string) {
  return {
    code: 'NODE_UNREACHABLE',
    what: `The node ${node} cannot be asked`,
    why,
    todo: `see that its agent runs (holdfast status on ${node}), and the paths to it: lcdstatus -q`,
  };
}

function lostOnTheWay(node: string, why: string) {
  return {
    code: 'NODE_LOST',
    what: `The node ${node} was lost while it was asked`,
    why,
    todo: `what was asked for may have been done: see holdfast status -d ${node}`,
  };
}

function tooMany(node: string) {
  return {
    code: 'NODE_UNREACHABLE',
    what: `The node ${node} cannot be asked now`,
    why: `this agent already hands on ${relayedMax} requests`,
    todo: 'end some of those that watch other nodes, and try again',
  };
}
