import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { ui } from '../../ui-store.ts';
import { compareFingerprint } from '../prompts/compare-fingerprint.ts';

/** Adds the shown key beside the known one, once its published fingerprint was given: several machines may share a name. */
export function AddHostKey({ id, shown }: { id: string; shown: string }) {
  const [published, setPublished] = useState('');
  const compared = compareFingerprint(shown, published);
  const add = () => {
    attempt('The key was not added', invoke('clusters.trustHostKey', { id, fingerprint: shown }));
    ui.closeDialog();
  };
  return (
    <div className="row align-start">
      <TextInput
        className="grow"
        aria-label="Published fingerprint of the key shown"
        description="If several machines answer to this name, paste the published fingerprint of the key shown."
        inputWrapperOrder={['input', 'description', 'error']}
        classNames={{ input: 'mono' }}
        spellCheck={false}
        autoComplete="off"
        placeholder="SHA256:"
        value={published}
        onChange={(event) => setPublished(event.currentTarget.value)}
        error={compared === 'differs' ? 'It differs from the key shown. Do not connect.' : undefined}
      />
      <Button disabled={compared !== 'same'} onClick={add}>
        Add this key
      </Button>
    </div>
  );
}
