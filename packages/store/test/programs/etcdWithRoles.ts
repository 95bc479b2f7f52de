/*
 * A store with certificates, a name and a password, from inside the lab: node etcdWithRoles.ts OPTIONS, where `tls`
 * names files. It makes the accounts first. Prints what it saw as one line.
 */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { StoreRefused, StoreUnreachable } from '@holdfast/store';
import { openEtcdStore } from '@holdfast/store/etcd';
import { Connection } from '../../etcd/wire/connection.ts';
import { authenticateRequest, methods, readToken } from '../../etcd/wire/messages.ts';

const { endpoints, tls: files } = JSON.parse(process.argv[2]!) as {
  endpoints: string[];
  tls: { ca: string; cert: string; key: string };
};
const read = (file: string): string => readFileSync(file, 'utf8');
const tls = { ca: read(files.ca), cert: read(files.cert), key: read(files.key) };
const user = { name: 'cluster', password: 'of no use outside' };
const base64 = (text: string): string => Buffer.from(text).toString('base64');

await ask('user/add', { name: 'root', password: 'root' });
await ask('role/add', { name: 'root' });
await ask('user/grant', { user: 'root', role: 'root' });
await ask('user/add', user);
await ask('role/add', { name: 'cluster' });
await ask('role/grant', {
  name: 'cluster',
  perm: { permType: 'READWRITE', key: base64('/holdfast/'), range_end: base64('/holdfast0') },
});
await ask('user/grant', { user: 'cluster', role: 'cluster' });
await ask('enable', {});

const seen: Record<string, string> = {};
const store = openEtcdStore({ endpoints, tls, user });
seen.write = await name(store.transact({ when: [], write: [{ key: 'x', value: 1 }] }));
const stop = new AbortController();
const watched = store.watch('', 0, stop.signal)[Symbol.asyncIterator]();
seen.watch = await name(watched.next());
// A change of its password ends the token that was given out.
await endToken();
seen.afterTheTokenEnded = await name(store.transact({ when: [], write: [{ key: 'x', value: 2 }] }));
seen.read = await name(store.read(''));
stop.abort();
await store.close();

seen.foreignPrefix = await tried({ endpoints, tls, user, prefix: '/other/' });
seen.wrongPassword = await tried({ endpoints, tls, user: { ...user, password: 'guessed' } });
seen.withoutCertificate = await tried({ endpoints, tls: { ca: tls.ca }, user, requestWithinMs: 700 });
seen.unknownAuthority = await tried({ endpoints, tls: { ...tls, ca: tls.cert }, user, requestWithinMs: 700 });
process.stdout.write(`${JSON.stringify(seen)}\n`);

async function tried(options: Parameters<typeof openEtcdStore>[0]): Promise<string> {
  const other = openEtcdStore(options);
  const answer = await name(other.transact({ when: [], write: [{ key: 'x', value: 1 }] }));
  await other.close();
  return answer;
}

async function name(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'done',
    (error: Error) =>
      error instanceof StoreRefused || error instanceof StoreUnreachable
        ? error.name
        : `${error.name}: ${error.message}`,
  );
}

/** The gateway refuses clients with a certificate once there are accounts. */
async function endToken(): Promise<void> {
  const connection = new Connection({ url: endpoints[0]!, tls, connectWithinMs: 1_000 });
  const root = await connection.call(methods.authenticate, authenticateRequest('root', 'root'), {
    withinMs: 1_000,
  });
  await connection.call(
    '/etcdserverpb.Auth/UserChangePassword',
    authenticateRequest(user.name, user.password),
    {
      withinMs: 1_000,
      headers: { token: readToken(root) },
    },
  );
  connection.close();
}

function ask(what: string, body: object): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const sent = request(`${endpoints[0]}/v3/auth/${what}`, { method: 'POST', ...tls }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () =>
        response.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(`${what}: ${text}`)),
      );
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}
