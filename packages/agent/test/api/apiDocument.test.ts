import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import Fastify from 'fastify';
import { apiDocument } from '../../src/program/api/apiDocument.ts';
import { apiPage } from '../../src/program/api/apiPage.ts';
import { allRoutes } from '../../src/program/routes/allRoutes.ts';
import { registerRoutes } from '../../src/program/routes/registerRoutes.ts';
import type { Served } from '../../src/program/routes/route.ts';
import { serve } from '../../src/program/server.ts';

const file = (name: string) => new URL(`../../${name}`, import.meta.url);
const { version } = JSON.parse(readFileSync(file('package.json'), 'utf8')) as { version: string };
const document = apiDocument(allRoutes, version) as {
  paths: Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>;
};

describe('the document of the API', () => {
  test('is the committed one; write it anew with npm run api-document -w @holdfast/agent', async () => {
    expect(`${JSON.stringify(document, null, 2)}\n`).toBe(await readFile(file('openapi.json'), 'utf8'));
    expect(apiPage(document)).toBe(await readFile(file('API.md'), 'utf8'));
  });

  test('has every address that is served, and no other', async () => {
    const served: string[] = [];
    const app = Fastify({ exposeHeadRoutes: false });
    app.addHook('onRoute', ({ method, path }) => {
      served.push(`${String(method)} ${path}`);
    });
    registerRoutes(app, allRoutes, {} as Served);
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(
        (method) => `${method.toUpperCase()} ${path.replace('{tag}', '*').replaceAll(/\{(\w+)\}/g, ':$1')}`,
      ),
    );
    expect(described.sort()).toEqual(served.sort());

    // The agent's own server has these, and adds none.
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-api-'));
    const real = await serve({} as Served, join(folder, 'agent.sock'));
    const heads = /, HEAD/g;
    expect(real.printRoutes().replace(heads, '')).toBe(app.printRoutes());
    await real.close();
    await rm(folder, { recursive: true });
  });

  test('describes each parameter that stands in a path', () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters = [] } of Object.values(methods))
        expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(inPath);
    }
  });
});
