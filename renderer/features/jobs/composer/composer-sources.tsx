import { Button, Menu } from '@mantine/core';
import { IconBook2, IconDeviceFloppy, IconFileCode, IconHistory, IconTemplate } from '@tabler/icons-react';
import { useRef } from 'react';
import type { Job } from '../../../../electron/shared/jobs.ts';
import { stroke } from '../../../components/icons.tsx';
import { MenuHint } from '../../../components/menu-hint.tsx';
import { useStore } from '../../../store.ts';
import { ui } from '../../../ui-store.ts';
import { copyInComposer } from '../job-actions.ts';
import { useTemplates } from '../templates/use-templates.ts';

const MOST_SCRIPT = 100_000;
const MOST_JOBS = 8;

/** The text of a script file, with line breaks that a shell takes. Undefined: it was refused, and the user knows why. */
export async function readScriptFile(file: File): Promise<string | undefined> {
  if (file.size > MOST_SCRIPT) {
    ui.toast({ tone: 'bad', title: `${file.name} is too long for a script. Add it to the files.` });
    return undefined;
  }
  const text = await file.text();
  if (text.includes('\0') || text.includes('\u{fffd}')) {
    ui.toast({ tone: 'bad', title: `${file.name} is no text. Add it to the files.` });
    return undefined;
  }
  if (!text.includes('\r\n')) return text;
  ui.toast({ tone: 'ok', title: `The line ends of Windows in ${file.name} were converted.` });
  return text.replaceAll('\r\n', '\n');
}

const isComposable = ({ values }: Job): boolean => values === null;

/** Read each time the menu opens. */
function TemplateItems() {
  const { list } = useTemplates();
  const shown = list?.slice(0, MOST_JOBS) ?? [];
  return (
    <>
      {shown.length > 0 && <Menu.Label>A template</Menu.Label>}
      {shown.map((template) => (
        <Menu.Item key={template.id} onClick={() => ui.compose({ kind: 'template', template })}>
          <span className="truncate">{template.name}</span>
        </Menu.Item>
      ))}
      {list !== null && list.length > 0 && (
        <Menu.Item
          leftSection={<IconTemplate size={16} stroke={stroke} aria-hidden />}
          onClick={() => ui.open({ kind: 'templates' })}
        >
          All templates
          <MenuHint>Use, rename or remove one</MenuHint>
        </Menu.Item>
      )}
    </>
  );
}

/** What a job can begin with besides an empty script. */
export function SourcesMenu({ onScript, onSave }: { onScript: (file: File) => void; onSave: () => void }) {
  const jobs = useStore((state) => state.jobs);
  const input = useRef<HTMLInputElement>(null);
  const earlier = jobs.filter(isComposable).slice(0, MOST_JOBS);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="Script file"
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file) onScript(file);
          // The same file may be chosen once more.
          currentTarget.value = '';
        }}
      />
      <Menu>
        <Menu.Target>
          <Button variant="subtle" leftSection={<IconHistory size={16} stroke={stroke} aria-hidden />}>
            Begin with
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconFileCode size={16} stroke={stroke} aria-hidden />}
            onClick={() => input.current?.click()}
          >
            A script file
            <MenuHint>Or drop it on the script</MenuHint>
          </Menu.Item>
          <Menu.Item leftSection={<IconBook2 size={16} stroke={stroke} aria-hidden />} onClick={() => ui.go('recipes')}>
            A recipe’s form
          </Menu.Item>
          <TemplateItems />
          {earlier.length > 0 && <Menu.Label>An earlier job, with its inputs</Menu.Label>}
          {earlier.map((job) => (
            <Menu.Item key={job.id} onClick={() => copyInComposer(job)}>
              <span className="truncate">{job.name}</span>
              <MenuHint>{job.clusterName}</MenuHint>
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconDeviceFloppy size={16} stroke={stroke} aria-hidden />} onClick={onSave}>
            Save as a template
            <MenuHint>This form, script and small files</MenuHint>
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
