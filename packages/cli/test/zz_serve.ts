import { fakeAgent, streaming } from './support/fakeAgent.ts';
import { troubled } from './support/statusOf.ts';
const changes = [{ kind: 'added', path: 'resources.db', after: { type: 'fake' } }];
const a = await fakeAgent({ 'PUT /v1/configuration': { says: { generation: 5, changes } } }, troubled);
process.stdout.write(a.root + '\n');
setTimeout(async () => { await a.close(); }, 40000);
