import { message } from '../../electron/shared/messages.ts';
import { type Settings, settingsChangeSchema } from '../../electron/shared/state.ts';
import { withEngine } from '../engine-session.ts';
import type { JsonOption } from '../json-option.ts';
import { readChoice } from '../option-values.ts';
import { printDone, printFields, printJson } from '../output.ts';
import { UsageError } from '../usage-error.ts';

/** As it is written on a command line: what is no text as JSON. */
const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

export function listSettings({ json }: JsonOption): Promise<void> {
  return withEngine(async ({ request }) => {
    const { settings } = (await request('app.state', undefined)).state;
    if (json) return printJson(settings);
    printFields(Object.entries(settings).map(([name, value]) => [name, asText(value)] as const));
  });
}

export const settingNames = Object.keys(settingsChangeSchema.shape) as (keyof Settings)[];

/** Text stays text where the setting is one; all else is read as JSON, e.g. `true` or `["a"]`. @throws UsageError */
export function readSetting(name: string, text: string): Partial<Settings> {
  const setting = readChoice('A setting', name, settingNames);
  const readings = [text, parsed(text)];
  for (const value of readings) {
    const change = settingsChangeSchema.safeParse({ [setting]: value });
    if (change.success) return change.data;
  }
  throw new UsageError(message`${{ name }} cannot be “${{ value: text }}”.`, { hint: 'See: tunel settings list' });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // It is not JSON, so it can be only text.
    return text;
  }
}

export async function setSetting(name: string, text: string, options: JsonOption): Promise<void> {
  const change = readSetting(name, text);
  await withEngine(async ({ request }) => {
    await request('settings.save', change);
    printDone(options, change, `${name} is now ${text}.`);
  });
}
