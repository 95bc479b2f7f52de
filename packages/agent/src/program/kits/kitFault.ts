/** A kit did what no kit may do. The message says what, for the operator and for the author of the kit. */
export class KitFault extends Error {
  override readonly name = 'KitFault';
}
