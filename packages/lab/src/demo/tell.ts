import type { LabNode } from '../labHost.ts';
import type { Lab } from '../openLab.ts';
import type { Printer } from './printer.ts';

export type TellOptions = Readonly<{
  /** The lab stays open afterwards, so the story ends with everything in service. */
  keep: boolean;
  /** For a machine that has other work: wider times than those of the preset fast. */
  unhurried: boolean;
}>;

/** Tells a story in a lab that is open and empty. Answers the nodes that a person may look at, if it is kept. */
export type Tell = (lab: Lab, print: Printer, options: TellOptions) => Promise<readonly LabNode[]>;
