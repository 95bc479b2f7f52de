import type { SaidProblem } from '@holdfast/core';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { PlacedProblem } from '../problems/showProblems.ts';
import { findPlace } from './findPlace.ts';
import { repeatedKeys } from './repeatedKeys.ts';

export type Yaml =
  | Readonly<{ ok: true; value: unknown; placeOf: (problem: SaidProblem) => PlacedProblem }>
  | Readonly<{ ok: false; problems: readonly PlacedProblem[] }>;

/** Reads YAML text: the value with a way back to its lines, or every error of syntax with its line. */
export function readYaml(text: string, fileName: string): Yaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const faults = [
    ...[...document.errors, ...document.warnings].map(({ message, pos: [at] }) => ({ message, at })),
    ...repeatedKeys(document).map((at) => ({ message: 'Map keys must be unique', at })),
  ].sort((a, b) => a.at - b.at);
  if (faults.length > 0)
    return { ok: false, problems: faults.map(({ message, at }) => problemAt(message, at)) };
  const made = makeValue(document);
  if (!made.ok) return { ok: false, problems: [problemAt(made.why, 0)] };
  return {
    ok: true,
    value: made.value,
    placeOf: (problem) => {
      const at = findPlace(document, problem.path);
      return { ...problem, place: at === undefined ? fileName : `${fileName}:${lines.linePos(at).line}` };
    },
  };

  function problemAt(message: string, at: number): PlacedProblem {
    const { line, col } = lines.linePos(at);
    return {
      code: 'YAML',
      path: '',
      place: `${fileName}:${line}:${col}`,
      what: `${fileName} is not valid YAML`,
      why: message,
      todo: 'correct the syntax there',
    };
  }
}

/** Aliases that stand for far too much are refused by the library when the value is made. */
function makeValue(document: Document): { ok: true; value: unknown } | { ok: false; why: string } {
  try {
    return { ok: true, value: document.toJS() };
  } catch (error) {
    return { ok: false, why: (error as Error).message };
  }
}
