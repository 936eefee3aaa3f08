import type { Recognition } from '../../shared/folders.ts';
import type { FolderLook } from './folder-look.ts';

interface PythonApp {
  file: string;
  /** As Python imports it from the folder. */
  module: string;
  /** The variable, or a call of the function that makes it. */
  name: string;
  confidence: Recognition['confidence'];
  why: string[];
}

interface Signs {
  imports: RegExp;
  /** Its first group is the variable's name. */
  makes: RegExp | null;
  factory?: RegExp;
}

const signs: Record<'streamlit' | 'dash' | 'bokeh' | 'fastapi' | 'flask', Signs> = {
  streamlit: { imports: /^\s*(?:import|from)\s+streamlit\b/m, makes: null },
  bokeh: { imports: /^\s*from\s+bokeh\.(?:io|plotting)\s+import\b[^#\n]*\bcurdoc\b/m, makes: null },
  dash: { imports: /^\s*(?:import|from)\s+dash\b/m, makes: /^(\w+)\s*(?::[^=\n]+)?=\s*(?:dash\.)?Dash\(/m },
  fastapi: {
    imports: /^\s*(?:import|from)\s+fastapi\b/m,
    makes: /^(\w+)\s*(?::[^=\n]+)?=\s*(?:fastapi\.)?FastAPI\(/m,
  },
  flask: {
    imports: /^\s*(?:import|from)\s+flask\b/m,
    makes: /^(\w+)\s*(?::[^=\n]+)?=\s*(?:flask\.)?Flask\(/m,
    factory: /^def\s+(create_app|make_app)\s*\(/m,
  },
};

const usual = ['app.py', 'main.py', 'wsgi.py', 'asgi.py', 'server.py', 'application.py', 'streamlit_app.py', 'run.py'];

/** The file that holds the app of a framework: a usual name first, then the topmost; null when none imports it. */
export function pythonApp({ names, heads }: FolderLook, kind: keyof typeof signs): PythonApp | null {
  const { imports, makes, factory } = signs[kind];
  const files = names
    .filter(
      (name) => /^[A-Za-z_]\w*(\/[A-Za-z_]\w*)?\.py$/.test(name) && !/(^|\/)(test_\w*|setup|conftest)\.py$/.test(name),
    )
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  for (const file of files) {
    const text = heads.get(file) ?? '';
    if (!imports.test(text)) continue;
    const module = file
      .replace(/\.py$/, '')
      .replace(/\/__init__$/, '')
      .replaceAll('/', '.');
    const isUsual = usual.includes(file);
    const why = [`${file} imports ${kind}`];
    if (makes === null) return { file, module, name: '', confidence: isUsual ? 'sure' : 'likely', why };
    const variable = makes.exec(text)?.[1];
    if (variable) {
      const name = kind === 'dash' ? dashServer(text, variable) : variable;
      return {
        file,
        module,
        name,
        confidence: isUsual ? 'sure' : 'likely',
        why: [...why, `the app is ${module}:${name}`],
      };
    }
    const made = factory?.exec(text)?.[1];
    if (made)
      return { file, module, name: `${made}()`, confidence: 'likely', why: [...why, `${made}() makes the app`] };
  }
  return null;
}

/** The WSGI app inside a Dash app: `server = app.server` where it is written, else the attribute itself. */
function dashServer(text: string, variable: string): string {
  return new RegExp(`^(\\w+)\\s*=\\s*${variable}\\.server\\b`, 'm').exec(text)?.[1] ?? `${variable}.server`;
}

function rank(name: string): number {
  const at = usual.indexOf(name);
  return at >= 0 ? at : usual.length + name.split('/').length;
}
