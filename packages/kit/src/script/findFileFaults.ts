import { placesIn } from './fillIn.ts';
import type { KitFile, WrittenSetting } from './kitFile.ts';
import { sayAllowed, settingSchema } from './settingSchema.ts';
import { ownVariables, variableName } from './variables.ts';

/** What is wrong with a kit.yaml of the right form: what its parts say about each other. */
export function findFileFaults(file: KitFile): readonly string[] {
  return [
    ...Object.entries(file.settings).flatMap(([name, setting]) => settingFaults(name, setting)),
    ...placesIn(file.identity).flatMap((name) => placeFaults(file, 'identity', name)),
    ...file.watch.flatMap((watch) =>
      placesIn(JSON.stringify(watch)).flatMap((name) => placeFaults(file, 'watch', name)),
    ),
    ...(placesIn(file.identity).length === 0 && Object.keys(file.settings).length > 0
      ? [
          'kit.yaml: identity: it names no setting in braces, so two resources would be one and the same thing',
        ]
      : []),
  ];
}

function settingFaults(name: string, setting: WrittenSetting): string[] {
  const at = `kit.yaml: settings.${name}`;
  if (ownVariables.some((own) => own === variableName(name))) {
    return [`${at}: ${variableName(name)} is Holdfast's own; choose another name`];
  }
  if (setting.type === 'text' && setting.pattern !== undefined) {
    if (!isPattern(setting.pattern)) return [`${at}.pattern: ${setting.pattern} is not a regular expression`];
    if (setting.allowed === undefined) return [`${at}.allowed: say the pattern in words`];
  }
  if (setting.type === 'secretFile' && !name.endsWith('File')) {
    return [`${at}: the value is the path of a file, so its name ends with File, such as passwordFile`];
  }
  if (setting.type === 'text' && setting.example === undefined && !setting.default) {
    return [`${at}.example: show one, for those who must write it`];
  }
  const given = { default: 'default' in setting ? setting.default : undefined, example: setting.example };
  return Object.entries(given)
    .filter(([, value]) => value !== undefined && !settingSchema(setting).safeParse(value).success)
    .map(([which]) => `${at}.${which}: it is not ${sayAllowed(setting)}`);
}

function placeFaults(file: KitFile, part: string, name: string): string[] {
  const setting = Object.hasOwn(file.settings, name) ? file.settings[name] : undefined;
  if (setting === undefined) return [`kit.yaml: ${part}: there is no setting ${name}`];
  const isAlways = setting.required || ('default' in setting && setting.default !== undefined);
  return isAlways ? [] : [`kit.yaml: ${part}: the setting ${name} may be left out, and then it is not known`];
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}
