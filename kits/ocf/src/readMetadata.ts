import sax from 'sax';

/** One parameter of an agent, as its metadata tells it. */
export type ParameterMetadata = Readonly<{
  name: string;
  type: string;
  isRequired: boolean;
  /** Undefined when none is told. */
  default: string | undefined;
  summary: string;
}>;

export type ActionMetadata = Readonly<{
  name: string;
  timeoutMs: number | undefined;
  intervalMs: number | undefined;
  depth: number;
  role: string | undefined;
}>;

export type Metadata = Readonly<{
  summary: string;
  parameters: readonly ParameterMetadata[];
  actions: readonly ActionMetadata[];
}>;

/** No agent of any package comes near; what is longer is not metadata. */
const longestText = 256 * 1024;
const mostElements = 20_000;

/** Its types do not know all of its options. */
const options: sax.SAXOptions & { strictEntities: boolean } = { strictEntities: true, trim: true };

type Draft = { -readonly [Key in keyof ParameterMetadata]: ParameterMetadata[Key] };

/**
 * Reads the XML that an agent prints for `meta-data`. The parser knows the five entities of XML and no others: what an
 * agent declares in a DOCTYPE is not expanded, nothing is fetched, and a text that uses such an entity is refused.
 */
export function readMetadata(text: string): Metadata | { wrong: string } {
  if (text.length > longestText) return { wrong: `it has ${text.length} characters` };
  const parser = sax.parser(true, options);
  const parameters: ParameterMetadata[] = [];
  const actions: ActionMetadata[] = [];
  const path: string[] = [];
  let parameter: Draft | undefined;
  let summary = '';
  let elements = 0;
  let wrong: string | undefined;

  parser.onerror = (error) => {
    wrong ??= error.message.split('\n')[0]!;
  };
  parser.onopentag = ({ name, attributes }) => {
    elements += 1;
    const given = attributes as Record<string, string>;
    path.push(name);
    if (name === 'parameter') parameter = draftOf(given);
    if (name === 'content' && parameter !== undefined) {
      parameter.type = given.type ?? 'string';
      parameter.default = given.default;
    }
    if (name === 'action') actions.push(actionOf(given));
  };
  parser.ontext = (words) => {
    if (path.at(-1) !== 'shortdesc') return;
    if (parameter !== undefined) parameter.summary += words;
    else if (path.length === 2) summary += words;
  };
  parser.onclosetag = (name) => {
    path.pop();
    if (name !== 'parameter' || parameter === undefined) return;
    parameters.push(parameter);
    parameter = undefined;
  };
  for (let at = 0; at < text.length && wrong === undefined; at += 4_096) {
    parser.write(text.slice(at, at + 4_096));
    if (elements > mostElements) wrong ??= 'it has too many elements';
  }
  if (wrong === undefined) parser.close();
  if (wrong !== undefined) return { wrong };
  if (actions.length === 0) return { wrong: 'it names no action' };
  return { summary, parameters, actions };
}

function draftOf({ name = '', required }: Record<string, string>): Draft {
  const isRequired = required === '1' || required === 'true';
  return { name, isRequired, type: 'string', default: undefined, summary: '' };
}

function actionOf({ name = '', timeout, interval, depth, role }: Record<string, string>): ActionMetadata {
  return {
    name,
    timeoutMs: spanOf(timeout),
    intervalMs: spanOf(interval),
    depth: /^\d+$/.test(depth ?? '') ? Number(depth) : 0,
    role,
  };
}

/** `20s`, `20`, `500ms`, `2min`, `1m`: a number alone is seconds. */
function spanOf(text: string | undefined): number | undefined {
  const read = /^\s*(\d+)\s*(ms|msec|s|sec|m|min|h|hr)?\s*$/.exec(text ?? '');
  if (read === null) return undefined;
  return Number(read[1]) * unitMs[(read[2] ?? 's') as keyof typeof unitMs];
}

const unitMs = { ms: 1, msec: 1, s: 1_000, sec: 1_000, m: 60_000, min: 60_000, h: 3_600_000, hr: 3_600_000 };
