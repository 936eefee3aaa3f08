import { Button } from '@mantine/core';
import { IconKeyOff } from '@tabler/icons-react';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { Evidence } from '../../components/evidence.tsx';
import { stroke } from '../../components/icons.tsx';
import { Note } from '../../components/note.tsx';
import { useStore } from '../../store.ts';
import { describeKeychainProblem } from '../../text/keychain.ts';
import { count } from '../../text/size.ts';
import { SectionHead } from './section-head.tsx';
import { SettingGroup, SettingRow } from './setting-row.tsx';

/** Where passwords are kept, and why not in the keychain where they are not. */
function KeychainNote() {
  const system = useStore((state) => state.system);
  if (system.keychain === 'system') {
    return (
      <Note tone="ok">
        <strong className="bold">In the system keychain.</strong> Passwords you ask Tunel to remember are kept there;
        one-time codes are never kept. {system.keychainReason}
      </Note>
    );
  }
  return (
    <div className="column gap-12">
      <Note tone="wait">
        <strong className="bold">In memory until you quit.</strong> {describeKeychainProblem(system.keychainProblem)}{' '}
        Nothing is ever written to a file.
      </Note>
      {system.keychainReason && (
        <details className="text-sm">
          <summary>Message of the system</summary>
          <Evidence text={system.keychainReason} />
        </details>
      )}
    </div>
  );
}

function RememberedPasswords() {
  const clusters = useStore((state) => state.clusters);
  const kept = clusters.filter((entry) => entry.rememberedSecrets > 0);
  return (
    <SettingGroup title="Remembered for">
      {kept.length === 0 && (
        <SettingRow id="no-passwords" title="No cluster" description="Tick “Remember it” when you sign in" />
      )}
      {kept.map(({ cluster, rememberedSecrets }) => (
        <SettingRow
          key={cluster.id}
          id={`passwords-${cluster.id}`}
          title={cluster.name}
          description={count(rememberedSecrets, 'password or passphrase', 'passwords or passphrases')}
        >
          <Button
            size="xs"
            aria-label={`Forget the passwords of ${cluster.name}`}
            leftSection={<IconKeyOff size={14} stroke={stroke} aria-hidden />}
            onClick={() => attempt('The passwords stay', invoke('clusters.forgetSecrets', { id: cluster.id }))}
          >
            Forget
          </Button>
        </SettingRow>
      ))}
    </SettingGroup>
  );
}

export function PasswordsSection() {
  return (
    <>
      <SectionHead title="Passwords" />
      <KeychainNote />
      <RememberedPasswords />
    </>
  );
}
