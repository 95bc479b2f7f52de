/** What one part of the preflight saw. */
export type Look = Readonly<{
  saw: readonly string[];
  missing: readonly Missing[];
  warnings: readonly string[];
}>;
export type Missing = Readonly<{ says: string; todo: string }>;

export function lacks(says: string, todo: string): Look {
  return { saw: [], missing: [{ says, todo }], warnings: [] };
}
