import { createServer, type ServerResponse } from 'node:http';

/*
 * Webhook endpoints as they are at night, at one port of the node. A line of JSON on standard output for each message
 * that came in.
 *
 *   /ok takes it   /flaky fails twice, then takes it   /hang never answers   /moved sends elsewhere
 *   /drip answers a byte now and then, for ever        /no refuses it for good
 */
let failures = 0;

const server = createServer(async (request, response) => {
  let body = '';
  for await (const piece of request) body += piece;
  const { url: path, headers } = request;
  const { subject } = JSON.parse(body) as { subject: string };
  const status = answer(path ?? '', response);
  process.stdout.write(`${JSON.stringify({ path, status, subject, token: headers.authorization, body })}\n`);
});
server.listen(8080, '127.0.0.1', () => process.stdout.write('listening\n'));

function answer(path: string, response: ServerResponse): number {
  switch (path) {
    case '/flaky':
      failures += 1;
      response.writeHead(failures <= 2 ? 500 : 200).end();
      return failures <= 2 ? 500 : 200;
    case '/hang':
      return 0;
    case '/drip':
      response.writeHead(200, { 'content-length': '1000000' });
      setInterval(() => response.write('.'), 50).unref();
      return 200;
    case '/moved':
      response.writeHead(307, { location: 'http://127.0.0.1:8080/ok' }).end();
      return 307;
    case '/no':
      response.writeHead(400).end();
      return 400;
    default:
      response.writeHead(204).end();
      return 204;
  }
}
