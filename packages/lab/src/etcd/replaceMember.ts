/*
 * Puts a new, empty member in the place of one that lost its data, from inside the lab, without TLS:
 * node replaceMember.ts NAME PEER_URL URL... where the URLs are of members that live.
 */
import { request } from 'node:http';

const [name, peerUrl, ...urls] = process.argv.slice(2) as [string, string, ...string[]];

type Listed = { members: { ID: string; name?: string; peerURLs: string[] }[] };
let lastError: unknown;
for (const url of urls) {
  try {
    const { members } = (await post(`${url}/v3/cluster/member/list`, {})) as Listed;
    const old = members.find((member) => member.peerURLs.includes(peerUrl));
    if (old !== undefined) await post(`${url}/v3/cluster/member/remove`, { ID: old.ID });
    await post(`${url}/v3/cluster/member/add`, { peerURLs: [peerUrl] });
    process.stdout.write(`${name} is new\n`);
    process.exit(0);
  } catch (error) {
    lastError = error;
  }
}
throw lastError;

function post(url: string, body: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', signal: AbortSignal.timeout(5_000) }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`${url}: ${text}`));
      });
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}
