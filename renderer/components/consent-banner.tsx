import { Button } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import { useState } from 'react';
import type { Consent, ConsentAnswer } from '../../electron/shared/consents.ts';
import { attempt } from '../attempt.ts';
import { invoke } from '../bridge.ts';
import { useStore } from '../store.ts';
import { describeCall, describeWish, formatTimeLeft } from '../text/consent.ts';
import css from './consent-banner.module.css';
import { Note } from './note.tsx';
import { useNow } from './use-now.ts';

const answers: { answer: ConsentAnswer; label: string; title: string }[] = [
  { answer: 'deny', label: 'Deny', title: 'The program is refused' },
  { answer: 'once', label: 'Allow once', title: 'It asks again the next time' },
  { answer: 'allow', label: 'Allow', title: 'It does not ask again for this' },
];

function ConsentQuestion({ consent, others }: { consent: Consent; others: number }) {
  const [chosen, setChosen] = useState<ConsentAnswer | null>(null);
  const now = useNow();
  const answer = async (value: ConsentAnswer) => {
    setChosen(value);
    const isDone = await attempt(
      'The answer did not arrive',
      invoke('tokens.answerConsent', { id: consent.id, answer: value }),
    );
    if (!isDone) setChosen(null);
  };
  return (
    <Note tone="wait" icon={IconHelpCircle}>
      <div className={css.question}>
        <div className={css.text}>
          <strong className="bold">{consent.tokenName}</strong> {describeWish(consent)}
          <div className="text-sm text-tertiary">
            <code className="mono">{describeCall(consent)}</code> · refused in{' '}
            <span className="tabular">{formatTimeLeft(consent.expiresAt, now)}</span>
            {others > 0 && ` · ${others} more ${others === 1 ? 'waits' : 'wait'}`}
          </div>
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is a block of a form, these are the answers of a sentence */}
        <div className={css.answers} role="group" aria-label={`Answer ${consent.tokenName}`}>
          {answers.map(({ answer: value, label, title }) => (
            <Button
              key={value}
              size="xs"
              title={title}
              loading={chosen === value}
              disabled={chosen !== null && chosen !== value}
              onClick={() => void answer(value)}
            >
              {label}
            </Button>
          ))}
        </div>
      </div>
    </Note>
  );
}

/** The oldest call of another program that waits for the user. It is on every page, and above a view. */
export function ConsentBanner() {
  const consent = useStore((state) => state.consents[0]);
  const count = useStore((state) => state.consents.length);
  return consent ? (
    <section aria-label="Question of a program">
      <ConsentQuestion key={consent.id} consent={consent} others={count - 1} />
    </section>
  ) : null;
}
