import { expect, it } from 'vitest';
import { foldScript } from '../../../renderer/features/launch/fold-script.ts';

const titles = (text: string) =>
  foldScript(text).map((block) => (block.kind === 'fold' ? block.title : `${block.from + 1}+${block.lines.length}`));

it('folds functions and files that are written, and shows the rest with its numbers', () => {
  const script = `#!/bin/bash
find_python() {
  for each in a b; do
    echo "$each"
  done
}
cat >config.py <<'EOF'
one
two
three
EOF
exec python3 config.py
`;
  expect(titles(script)).toEqual(['1+1', '5 lines of find_python', '5 lines of a file it writes', '12+1']);
  const lines = foldScript(script).flatMap((block) => block.lines);
  expect(`${lines.join('\n')}\n`).toBe(script);
});

it('shows what is short or does not end', () => {
  expect(titles('say() {\n  echo\n}\nsay')).toEqual(['1+4']);
  expect(titles('cat <<EOF\na\nb\nc\nd')).toEqual(['1+5']);
  expect(titles('')).toEqual(['1+1']);
});
