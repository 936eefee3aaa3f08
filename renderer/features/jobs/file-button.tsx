import { Button } from '@mantine/core';
import type { TablerIcon } from '@tabler/icons-react';
import { useRef } from 'react';
import { stroke } from '../../components/icons.tsx';

/** Chooses files of this computer. `hint`: what they are for. */
export function FileButton(props: {
  label: string;
  hint: string;
  icon: TablerIcon;
  onFiles: (files: readonly File[]) => void;
}) {
  const { label, hint, icon: Icon, onFiles } = props;
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={hint}
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          // The same file may be chosen once more.
          currentTarget.value = '';
        }}
      />
      <Button
        size="xs"
        leftSection={<Icon size={14} stroke={stroke} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        {label}
      </Button>
    </>
  );
}
