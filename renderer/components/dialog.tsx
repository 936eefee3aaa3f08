import { CloseButton, Modal } from '@mantine/core';
import type { TablerIcon } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import css from './dialog.module.css';
import { stroke } from './icons.tsx';
import { Tile } from './tile.tsx';
import { useCover } from './use-cover.ts';

/** A dialog whose body scrolls and whose footer does not; the focus goes back where it came from. */
export function Dialog(props: {
  title: string;
  subtitle?: ReactNode;
  icon?: TablerIcon;
  tone?: 'wait' | 'bad';
  size?: number;
  onClose: () => void;
  footer: ReactNode;
  children: ReactNode;
  /** Clicks outside do not close it: an answer is wanted. */
  firm?: boolean;
}) {
  useCover(true);
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // After the dialog has left the page; what had the focus may have gone meanwhile.
      queueMicrotask(() => before instanceof HTMLElement && before.isConnected && before.focus());
    },
    [before],
  );
  const Shown = props.icon;
  return (
    <Modal.Root
      opened
      onClose={props.onClose}
      size={props.size ?? 520}
      closeOnClickOutside={!props.firm}
      centered
      padding={0}
      radius={14}
    >
      <Modal.Overlay />
      <Modal.Content>
        <div className={css.head}>
          {Shown && (
            <Tile tone={props.tone}>
              <Shown size={20} stroke={stroke} aria-hidden />
            </Tile>
          )}
          <div className="grow">
            <Modal.Title>{props.title}</Modal.Title>
            {props.subtitle && <div className="text-sm text-secondary">{props.subtitle}</div>}
          </div>
          <CloseButton aria-label="Close" onClick={props.onClose} />
        </div>
        <Modal.Body>
          <div className={css.body}>{props.children}</div>
          <div className={css.foot}>{props.footer}</div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
