import { type Name, otherOf, type Trio } from '@holdfast/lab';

/** Who is measured: a cluster that keeps an address, or a database behind it, in service on one of two nodes. */
export type Subject = Readonly<{
  trio: Trio;
  /** The address that the client outside uses. */
  address: string;
  /** Asks for it on that node, as an operator would. */
  move: (to: Name) => Promise<void>;
  /** A node that lost its power is there again; ends when it could take over. */
  rejoin: (name: Name) => Promise<void>;
}>;

/** Something that happens to the owner, and the way back. Adding one to a list is all that a new line takes. */
export type Row = Readonly<{
  name: string;
  strike: (subject: Subject, owner: Name) => Promise<void>;
  /** Once it is served again: whatever makes the next turn like this one. */
  mend?: (subject: Subject, owner: Name) => Promise<void>;
  /** Nothing is to move. */
  stays?: true;
  /** Turns that do not count, before the others. */
  warmUps?: number;
}>;

/** What every cluster can be asked for, and what can happen to each. */
export const sharedRows = {
  move: {
    name: 'planned move',
    strike: ({ move }, owner) => move(otherOf(owner)),
    warmUps: 1,
  },
  powerCut: {
    name: 'power cut of the owner',
    strike: ({ trio }, owner) => trio.powerCut(owner),
    mend: ({ rejoin }, owner) => rejoin(owner),
  },
} as const satisfies Record<string, Row>;

/** Behind the names of rows in which nothing rests on the address. */
export const addressAlone = ', address alone';
