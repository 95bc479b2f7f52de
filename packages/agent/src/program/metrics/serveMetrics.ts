import { createServer, type Server } from 'node:http';
import { type Log, metricsType } from '../../index.ts';

/**
 * Metrics alone over TCP, for a collector that cannot ask on the socket. It listens on the loopback device, and has
 * nothing else to give. An agent without metrics is better than none: where it cannot listen, that is logged.
 */
export async function serveMetrics(
  print: () => string,
  where: { address: string; port: number },
  log: Log,
): Promise<Server> {
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    request.resume();
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('metrics are at GET /metrics\n');
      return;
    }
    response.writeHead(200, { 'content-type': metricsType }).end(print());
  });
  server.maxConnections = 20;
  const trouble = (error: Error): void =>
    log.error(
      { event: 'metrics-listener', error: error.message, ...where },
      'metrics cannot be served over TCP',
    );
  await new Promise<void>((resolve) => {
    server.once('error', () => resolve());
    server.listen({ host: where.address, port: where.port }, resolve);
    server.on('error', trouble);
  });
  return server;
}
