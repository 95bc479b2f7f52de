import { type ResourceType, readDocument, type TypeName } from '@holdfast/core';
import { unheard } from './resourceTypes.ts';

/** The settings of one type that a reading of a document asks about, by how they are written. */
export type Asked = ReadonlyMap<string, unknown>;

/**
 * What a reading of the document will ask of each type. The reading is pure and waits for nobody; so it is done once
 * with types that only write down what they are asked, their kits are asked, and then it is done again.
 */
export function askedIn(document: unknown): ReadonlyMap<string, Asked> {
  const asked = new Map<string, Map<string, unknown>>();
  const recorders = typesNamedIn(document).map((type): ResourceType => {
    const inputs = new Map<string, unknown>();
    asked.set(type, inputs);
    return unheard(type, (input) => {
      inputs.set(JSON.stringify(input), input);
      return undefined;
    });
  });
  readDocument(document, recorders);
  return asked;
}

function typesNamedIn(document: unknown): readonly TypeName[] {
  const { resources } = mapOf(document);
  const types = Object.values(mapOf(resources)).map((resource) => mapOf(resource).type);
  return [...new Set(types.filter((type) => typeof type === 'string' && type !== ''))] as TypeName[];
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
