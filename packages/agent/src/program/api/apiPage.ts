import { type NoticeKind, noticeKinds } from '@holdfast/core';
import { definitionOf, type MetricName, metricDefinitions } from '../../index.ts';

type Json = Readonly<Record<string, unknown>>;
type Operation = Readonly<{
  summary: string;
  parameters?: readonly { name: string; in: string; description?: string; schema: Json }[];
  requestBody?: { content: Record<string, { schema: Json }> };
  responses: Record<string, { description: string; content: Record<string, { schema: Json }> }>;
}>;
type Document = Readonly<{
  info: { description: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Json> };
}>;

/** The same document for people: each address, each metric, and each kind of message. */
export function apiPage(given: Json): string {
  const document = given as unknown as Document;
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => sayOperation(document, method, path, operation)),
  );
  return [
    '# The API, the metrics and the messages of the agent',
    '',
    'Made from the schemas by `npm run api-document -w @holdfast/agent`; `openapi.json` has every field.',
    '',
    '## The API',
    '',
    document.info.description,
    '',
    ...routes.flat(),
    '## Metrics',
    '',
    '`GET /v1/metrics`, in the text format of Prometheus. Times are in seconds.',
    '',
    '| metric | type | labels | meaning |',
    '| --- | --- | --- | --- |',
    ...(Object.keys(metricDefinitions) as MetricName[]).map((name) => {
      const { type, labels, says } = definitionOf(name);
      return `| \`${name}\` | ${type} | ${labels.join(', ')} | ${says} |`;
    }),
    '',
    '## What people are told',
    '',
    'Kinds for `events:` of a notifier. Those marked are told where a notifier names none.',
    '',
    '| kind | severity | by default | meaning |',
    '| --- | --- | --- | --- |',
    ...(Object.keys(noticeKinds) as NoticeKind[]).map((kind) => {
      const { severity, isDefault, says } = noticeKinds[kind];
      return `| \`${kind}\` | ${severity} | ${isDefault ? 'yes' : ''} | ${says} |`;
    }),
    '',
  ].join('\n');
}

function sayOperation(document: Document, method: string, path: string, operation: Operation): string[] {
  const { summary, parameters = [], requestBody, responses } = operation;
  const body = requestBody?.content['application/json']?.schema;
  const fields = body === undefined ? [] : fieldsOf(document, body);
  const rows = [
    ...parameters.map(({ name, in: where, schema, description = '' }) => [
      `\`${name}\``,
      where,
      typeOf(schema),
      description,
    ]),
    ...fields.map(([name, type, says]) => [`\`${name}\``, 'body', type, says]),
  ];
  const table = ['| what | where | type | meaning |', '| --- | --- | --- | --- |'];
  return [
    `### \`${method.toUpperCase()} ${path}\``,
    '',
    summary,
    '',
    ...(rows.length === 0
      ? []
      : [...table, ...rows.map((row) => `| ${row.map(escapeCell).join(' | ')} |`), '']),
    ...Object.entries(responses).map(([code, { description, content }]) => {
      const [[type, { schema }] = ['', { schema: {} }]] = Object.entries(content);
      return `- ${code}: ${description} ${code === '200' ? `\`${type}\` ${typeOf(schema)}` : ''}`.trimEnd();
    }),
    '',
  ];
}

function fieldsOf(document: Document, schema: Json): [string, string, string][] {
  const name = nameIn(schema);
  const found = name === undefined ? schema : (document.components.schemas[name] ?? {});
  const required = (found.required ?? []) as readonly string[];
  return Object.entries((found.properties ?? {}) as Record<string, Json>).map(([field, one]) => {
    const given = 'default' in one ? `; ${JSON.stringify(one.default)} when left out` : '';
    const must = required.includes(field) ? ', required' : given;
    return [field, `${typeOf(one)}${must}`, String(one.description ?? '')];
  });
}

function typeOf(schema: Json): string {
  const name = nameIn(schema);
  if (name !== undefined) return `[${name}]`;
  if (Array.isArray(schema.enum)) return schema.enum.map((one) => JSON.stringify(one)).join(', ');
  if (schema.type === 'array') return `list of ${typeOf((schema.items ?? {}) as Json)}`;
  return typeof schema.type === 'string' ? schema.type : 'anything';
}

function nameIn({ $ref }: Json): string | undefined {
  return typeof $ref === 'string' ? $ref.split('/').at(-1) : undefined;
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
