import { z } from 'zod';

/** The names that a schema knows, for who misspelt one; undefined where it is not an object. */
export function fieldsOf(schema: z.ZodType): readonly string[] | undefined {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  return schema instanceof z.ZodPipe ? fieldsOf(schema.in as z.ZodType) : undefined;
}
