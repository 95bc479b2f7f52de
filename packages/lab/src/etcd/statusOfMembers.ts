/*
 * Asks members of etcd for their status, from inside the lab: node statusOfMembers.ts FOLDER_OF_CERTIFICATES URL...
 * Prints an array with null for each that did not answer.
 */
import { readFileSync } from 'node:fs';
import { request as requestPlainly } from 'node:http';
import { request as requestWithTls } from 'node:https';

const [folder, ...urls] = process.argv.slice(2) as [string, ...string[]];
const file = (name: string): Buffer => readFileSync(`${folder}/${name}`);
const tls =
  folder === '' ? {} : { ca: file('ca.pem'), cert: file('client.pem'), key: file('client-key.pem') };
const answers = await Promise.all(urls.map((url) => status(url).catch(() => null)));
process.stdout.write(JSON.stringify(answers));

async function status(url: string): Promise<object> {
  const answer = JSON.parse(await post(`${url}/v3/maintenance/status`));
  return {
    id: answer.header.member_id,
    leaderId: answer.leader ?? '0',
    revision: Number(answer.header.revision ?? 0),
    version: answer.version,
  };
}

function post(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(500);
    const send = url.startsWith('https:') ? requestWithTls : requestPlainly;
    const sent = send(url, { method: 'POST', signal, ...tls }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end('{}');
  });
}
