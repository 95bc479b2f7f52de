import { writeFileSync } from 'node:fs';
import manifest from '../../../package.json' with { type: 'json' };
import { allRoutes } from '../routes/allRoutes.ts';
import { apiDocument } from './apiDocument.ts';
import { apiPage } from './apiPage.ts';

/** Writes openapi.json and API.md anew; a test fails when they are not as this writes them. */
const document = apiDocument(allRoutes, manifest.version);
const folder = new URL('../../../', import.meta.url);
writeFileSync(new URL('openapi.json', folder), `${JSON.stringify(document, null, 2)}\n`);
writeFileSync(new URL('API.md', folder), apiPage(document));
