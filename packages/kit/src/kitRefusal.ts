/** Why a kit was not loaded, in the shape of a problem: what, the fact that proves it, what to do. */
export type KitRefusal = Readonly<{ code: KitRefusalCode; what: string; why: string; todo: string }>;

/** Every reason, each with the sentence that explains it to an operator. */
export const kitRefusalCodes = {
  KIT_NOT_FOUND: 'There is no kit of this name or at this path.',
  KIT_BROKEN: 'Loading the code of the kit failed.',
  KIT_HANGS: 'Loading the code of the kit did not end in time.',
  KIT_INCOMPLETE: 'The kit lacks something that the contract asks for.',
  KIT_OTHER_CONTRACT: 'The kit was written for another version of the contract.',
  KIT_NOT_BUILT: 'An installed package ships TypeScript, which Node does not run there.',
  KIT_WRITABLE: 'Somebody other than root may change the code of the kit, which runs as root.',
  KIT_TYPE_TAKEN: 'Another kit serves this type already.',
} as const;

export type KitRefusalCode = keyof typeof kitRefusalCodes;
