import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { functionSizes } from './source-sizes.ts';

/** A function fits a screen. */
const FUNCTION_LIMIT = 60;
const FILE_LIMIT = 350;

/** Functions and files that are still larger, with their lines. The list only shrinks: nothing new, nothing that grew. */
const exceptions: Record<string, number> = {
  'electron/client/reconnecting-client.ts createReconnectingClient': 72,
  'electron/client/socket-client.ts createSocketClient': 64,
  'electron/core/exposure/facts-script.ts factsScript': 138,
  'electron/core/folders/environment-script.ts environmentScript': 95,
  'electron/core/folders/run-folder-script.ts runFolderScript': 81,
  'electron/core/instances/instance-state.ts reduce': 67,
  'electron/core/instances/run-script.ts runScript': 62,
  'electron/core/jinja/evaluate.ts value': 67,
  'electron/core/jinja/lexer.ts tokenize': 103,
  'electron/core/launchers/gridengine/script.ts pollScript': 64,
  'electron/core/runtimes/pull-script.ts pullFile': 86,
  'electron/main.ts start': 154,
  'renderer/components/log-panel.tsx LogPanel': 90,
  'renderer/components/rail.tsx Rail': 61,
  'renderer/features/folders/folder-dialog.tsx FolderDialog': 92,
  'renderer/features/folders/recognised.tsx Recognised': 70,
  'renderer/features/launch/choice-field.tsx ChoiceField': 82,
  'renderer/features/launch/file-rows.tsx FileRows': 121,
  'renderer/features/launch/launch-page.tsx LaunchFields': 61,
  'renderer/features/launch/path-picker.tsx PathPicker': 131,
  'renderer/features/palette/palette.tsx Palette': 61,
  'renderer/features/prompts/host-key-prompt.tsx HostKeyPrompt': 83,
  'renderer/features/prompts/interactive-prompt.tsx InteractivePrompt': 74,
  'renderer/features/recipes/recipe-card.tsx RecipeCard': 66,
  'renderer/features/recipes/recipes-page.tsx RecipesPage': 62,
  'renderer/features/running/app-card.tsx AppCard': 63,
  'renderer/features/running/card-actions.tsx Actions': 69,
  'renderer/features/running/card-actions.tsx MoreMenu': 68,
  'renderer/features/running/first-run.tsx FirstRun': 85,
  'renderer/features/running/run-list.tsx RunList': 90,
  'renderer/features/running/running-page.tsx RunningPage': 61,
  'renderer/features/sources/source-dialog.tsx SourceDialog': 67,
  'renderer/features/view/route-popover.tsx RoutePopover': 63,
  'renderer/features/view/tab-strip.tsx TabStrip': 76,
  'renderer/features/view/toolbar.tsx StopMenu': 63,
  'renderer/features/view/toolbar.tsx Toolbar': 86,
};

const root = join(import.meta.dirname, '../../..');

test('no function is longer than a screen, and no file longer than 350 lines', () => {
  const worse = Object.entries(tooLarge()).filter(([name, lines]) => lines > (exceptions[name] ?? 0));
  expect(Object.fromEntries(worse)).toEqual({});
});

test('a function is measured from its first line to its last, nested ones too', () => {
  const source =
    'export const made = {\n  run() {\n    return () => {\n      f();\n    };\n  },\n};\nfunction f(): void {}\n';
  expect(functionSizes('a.ts', source)).toEqual([
    { name: 'run', line: 2, lines: 5 },
    { name: 'run', line: 3, lines: 3 },
    { name: 'f', line: 8, lines: 1 },
  ]);
});

function tooLarge(): Record<string, number> {
  const found: Record<string, number> = {};
  for (const file of sourceFiles()) {
    const source = readFileSync(join(root, file), 'utf8');
    const lines = source.trimEnd().split('\n').length;
    if (lines > FILE_LIMIT) found[file] = lines;
    for (const { name, lines } of functionSizes(file, source)) {
      const key = `${file} ${name}`;
      if (lines > FUNCTION_LIMIT) found[key] = Math.max(lines, found[key] ?? 0);
    }
  }
  return found;
}

function sourceFiles(): string[] {
  return ['electron', 'renderer', 'cli', 'build'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((path) => join(folder, path))
      .filter((path) => /\.(tsx?|mjs|js)$/.test(path))
      .sort(),
  );
}
