/** What a command of the dialect takes, as data: it is parsed by this, and the help is made of it. */
export type Spec<Value extends string = string, Flag extends string = string> = Readonly<{
  name: string;
  /** What follows the name in the first line of the help. */
  synopsis: string;
  says: string;
  /** Options with a value: its name, and what it is for. */
  values: Readonly<Record<Value, readonly [name: string, describe: string]>>;
  flags?: Readonly<Record<Flag, string>>;
  required?: readonly NoInfer<Value>[];
  /** It changes something, so that it can be shown without being done. */
  changes?: boolean;
  /** It knows no `-d`: it is about this node alone. */
  isLocal?: boolean;
  /** Words without an option are handed on. */
  hasWords?: boolean;
  examples: readonly (readonly [line: string, says: string])[];
}>;

export type Options<Value extends string, Flag extends string> = Readonly<{
  values: Readonly<Partial<Record<Value | 'd', string>>>;
  flags: ReadonlySet<Flag>;
  words: readonly string[];
  isJson: boolean;
  dryRun: boolean;
}>;
