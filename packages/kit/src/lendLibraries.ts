import { type RegisterHooksOptions, registerHooks } from 'node:module';

let isDone = false;

/**
 * A kit outside this repository may lie anywhere, with no node_modules near it. What it can import all the same are
 * the contract and the schema library: this Holdfast lends it its own copies, where the kit has none. For the calling
 * thread, from now on; a program that loads kits calls it before.
 */
export function lendLibraries(): void {
  if (isDone) return;
  isDone = true;
  registerHooks({ resolve });
}

const resolve: NonNullable<RegisterHooksOptions['resolve']> = (specifier, context, next) => {
  if (!/^(@holdfast\/kit|zod)(\/|$)/.test(specifier)) return next(specifier, context);
  try {
    return next(specifier, context);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return next(specifier, { ...context, parentURL: import.meta.url });
  }
};
