import { ActionIcon, Button, NumberInput, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { fieldLabel } from '../../components/field-label.tsx';
import form from '../../components/form-grid.module.css';
import { stroke } from '../../components/icons.tsx';
import css from './cluster-fields.module.css';
import { type ClusterFieldProps, type Draft, plainText } from './cluster-form-model.ts';

type Jump = Draft['jumps'][number];

function JumpHost(props: {
  jump: Jump;
  index: number;
  errorOf: ClusterFieldProps['errorOf'];
  onChange: (changes: Partial<Jump>) => void;
  onRemove: () => void;
}) {
  const { jump, index, errorOf, onChange, onRemove } = props;
  return (
    <div className={css.jump}>
      <TextInput
        {...plainText}
        data-field={`jumps.${index}.host`}
        aria-label={`Jump host ${index + 1}`}
        placeholder="gate.example"
        classNames={{ input: 'mono' }}
        value={jump.host}
        onChange={(event) => onChange({ host: event.currentTarget.value })}
        error={errorOf(`jumps.${index}.host`)}
      />
      <NumberInput
        data-field={`jumps.${index}.port`}
        aria-label={`Port of jump host ${index + 1}`}
        value={jump.port}
        onChange={(port) => onChange({ port })}
        error={errorOf(`jumps.${index}.port`)}
      />
      <TextInput
        {...plainText}
        data-field={`jumps.${index}.user`}
        aria-label={`User on jump host ${index + 1}`}
        placeholder="user"
        value={jump.user}
        onChange={(event) => onChange({ user: event.currentTarget.value })}
        error={errorOf(`jumps.${index}.user`)}
      />
      <ActionIcon aria-label={`Remove jump host ${index + 1}`} onClick={onRemove}>
        <IconX size={16} stroke={stroke} aria-hidden />
      </ActionIcon>
    </div>
  );
}

/** Hosts that the connection goes through, in their order. */
export function JumpHosts({ draft, set, errorOf, fixed }: ClusterFieldProps) {
  const change = (index: number, changes: Partial<Jump>) =>
    set({ jumps: draft.jumps.map((jump, at) => (at === index ? { ...jump, ...changes } : jump)) });
  return (
    <fieldset className={form.full} disabled={fixed}>
      <legend className="mantine-InputWrapper-label">
        {fieldLabel('Jump host', draft.jumps.length === 0 ? 'none' : 'in this order')}
      </legend>
      <div className="column" style={{ gap: 8 }}>
        {draft.jumps.map((jump, index) => (
          <JumpHost
            // biome-ignore lint/suspicious/noArrayIndexKey: a jump host has no identity but its position
            key={index}
            jump={jump}
            index={index}
            errorOf={errorOf}
            onChange={(changes) => change(index, changes)}
            onRemove={() => set({ jumps: draft.jumps.filter((_, at) => at !== index) })}
          />
        ))}
        {!fixed && draft.jumps.length < 8 && (
          <Button
            size="xs"
            style={{ alignSelf: 'flex-start' }}
            leftSection={<IconPlus size={14} stroke={stroke} aria-hidden />}
            onClick={() => set({ jumps: [...draft.jumps, { host: '', port: 22, user: draft.user }] })}
          >
            Add a jump host
          </Button>
        )}
      </div>
    </fieldset>
  );
}
