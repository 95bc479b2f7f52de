import type { ScriptSettings } from './variables.ts';

const place = /\{([a-zA-Z0-9]+)\}/g;

/** Puts the values of settings in the place of their names in braces. */
export function fillIn(text: string, settings: ScriptSettings): string {
  return text.replaceAll(place, (_, name: string) => String(settings[name] ?? ''));
}

/** The settings that a text names in braces. */
export function placesIn(text: string): readonly string[] {
  return [...text.matchAll(place)].map(([, name]) => name!);
}
