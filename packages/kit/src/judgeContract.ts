import { contractVersion } from './contract.ts';
import type { KitRefusal } from './kitRefusal.ts';

/** Refuses what a kit, or its manifest, says about the contract, unless this version of Holdfast keeps that contract. */
export function judgeContract(name: string, range: unknown): readonly KitRefusal[] {
  const { from, to } = bounds(range);
  if (from <= contractVersion && contractVersion <= to) return [];
  const isKnown = Number.isInteger(from);
  return [
    {
      code: 'KIT_OTHER_CONTRACT',
      what: `The kit ${name} was written for another contract`,
      why: `it names version ${say(range)}; this Holdfast has version ${contractVersion}`,
      todo: !isKnown
        ? `name the contract that the kit was written for, such as contract: ${contractVersion}`
        : from > contractVersion
          ? 'update Holdfast, or use an older version of the kit'
          : 'use a newer version of the kit',
    },
  ];
}

function bounds(range: unknown): { from: number; to: number } {
  if (typeof range === 'number') return { from: range, to: range };
  const { from, to } = (typeof range === 'object' && range !== null ? range : {}) as Record<string, unknown>;
  return typeof from === 'number' && typeof to === 'number'
    ? { from, to }
    : { from: Number.NaN, to: Number.NaN };
}

function say(range: unknown): string {
  const { from, to } = bounds(range);
  if (Number.isNaN(from)) return String(JSON.stringify(range));
  return from === to ? String(from) : `${from} to ${to}`;
}
