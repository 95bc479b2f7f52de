import { findCycles, ResourceGraph, type Tag } from '@holdfast/core';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { holds } from '../model/property.ts';

test('a circle is told once, as a walk that begins with its first tag and returns to it', () => {
  expect(cyclesIn({ lock: ['db'], disk: ['lock'], db: ['disk'], web: ['db'] })).toEqual(['db disk lock db']);
});

test('each of several circles is told, also one of a single resource', () => {
  expect(cyclesIn({ a: ['b'], b: ['a'], c: ['c', 'a'], d: ['c'] })).toEqual(['a b a', 'c c']);
});

test('what only rests on a circle, or is rested on by one, is not told', () => {
  expect(cyclesIn({ above: ['a'], a: ['b'], b: ['a', 'below'], below: [] })).toEqual(['a b a']);
});

test('a circle of 50,000 is found', () => {
  const count = 50_000;
  const ring = Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`r${n}`, [`r${(n + 1) % count}`]] as const),
  );
  expect(cyclesIn(ring)[0]!.split(' ')).toHaveLength(count + 1);
});

test('there is a circle exactly when not everything can be restored in some order', () => {
  const edges = fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 16 });
  holds(
    fc.property(edges, (drawn) => {
      const needs: Record<string, string[]> = Object.fromEntries(
        Array.from({ length: 8 }, (_, n) => [`r${n}`, []]),
      );
      for (const [from, to] of drawn) needs[`r${from}`]!.push(`r${to}`);
      const graph = graphOf(needs);
      const cycles = findCycles(graph);
      expect(cycles.length > 0).toBe(graph.childrenFirst().length < 8);
      for (const walk of cycles) {
        expect(walk.at(-1)).toBe(walk[0]);
        for (const [index, tag] of walk.slice(0, -1).entries()) expect(needs[tag]).toContain(walk[index + 1]);
      }
    }),
  );
});

function graphOf(needs: Record<string, readonly string[]>): ResourceGraph {
  const entries = Object.entries(needs).map(([tag, below]) => ({
    tag: tag as Tag,
    needs: below as Tag[],
    needsAny: [],
    after: [],
  }));
  return new ResourceGraph(entries);
}

function cyclesIn(needs: Record<string, readonly string[]>): string[] {
  return findCycles(graphOf(needs)).map((walk) => walk.join(' '));
}
