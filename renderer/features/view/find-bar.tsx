import { TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { ViewState } from '../../../electron/shared/state.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { useUi } from '../../ui-store.ts';
import css from './find-bar.module.css';

/** Find in the page: a row of its own above the page, so that it covers nothing of it. */
export function FindBar({ view }: { view: ViewState }) {
  const [text, setText] = useState(view.find?.text ?? '');
  useEffect(
    () => () => {
      void attempt('The search did not end', invoke('views.stopFind', undefined));
    },
    [],
  );
  const find = (next: boolean, forward: boolean, what = text) => {
    if (what === '') return void attempt('The search did not end', invoke('views.stopFind', undefined));
    void attempt('The search failed', invoke('views.find', { text: what, next, forward }));
  };
  const close = () => {
    useUi.setState({ findOpen: false });
    void attempt('The view did not take the focus', invoke('views.focus', undefined));
  };
  return (
    <search className={`${css.bar} row`}>
      <TextInput
        w={280}
        autoFocus
        aria-label="Find in the page"
        placeholder="Find in the page"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          find(false, true, event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') find(true, !event.shiftKey);
          if (event.key === 'Escape') close();
        }}
      />
      <span className="text-sm text-tertiary tabular" role="status">
        {view.find && text !== ''
          ? view.find.total === 0
            ? 'Not found'
            : `${view.find.active} of ${view.find.total}`
          : ''}
      </span>
      <IconButton
        icon={IconChevronUp}
        label="Previous match"
        size={30}
        nativeTooltip
        onClick={() => find(true, false)}
      />
      <IconButton icon={IconChevronDown} label="Next match" size={30} nativeTooltip onClick={() => find(true, true)} />
      <span className="grow" />
      <IconButton icon={IconX} label="Close the search" size={30} nativeTooltip onClick={close} />
    </search>
  );
}
