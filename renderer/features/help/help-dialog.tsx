import { Button } from '@mantine/core';
import { IconKeyboard } from '@tabler/icons-react';
import { Dialog } from '../../components/dialog.tsx';
import { Kbd, modKey } from '../../components/kbd.tsx';
import { ui } from '../../ui-store.ts';
import css from './help-dialog.module.css';
import { type KeyHelp, keyGroups } from './keys-list.ts';

const withModKey = (text: string) => text.replaceAll('Mod', modKey());

function KeyRow({ keys, does }: KeyHelp) {
  return (
    <li className={css.row}>
      <span className={css.keys}>
        <Kbd keys={withModKey(keys)} />
        <span className="visually-hidden">{withModKey(keys)}</span>
      </span>
      <span className="text-secondary">{withModKey(does)}</span>
    </li>
  );
}

/** All keys. In a view the app has them; Tunel takes only F6, F11, Ctrl Tab and Ctrl Alt K there. */
export function HelpDialog() {
  return (
    <Dialog
      title="Keys"
      subtitle="In the page of an app all keys are the app's, except F6, F11, Ctrl Tab and Ctrl Alt K."
      icon={IconKeyboard}
      size={720}
      onClose={ui.closeDialog}
      footer={
        <>
          <span className="grow" />
          <Button data-autofocus onClick={ui.closeDialog}>
            Close
          </Button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={css.groups} aria-label="All keys" tabIndex={0}>
        {keyGroups.map(({ title, list }) => (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            <ul>
              {list.map((entry) => (
                <KeyRow key={entry.keys} {...entry} />
              ))}
            </ul>
          </section>
        ))}
      </section>
    </Dialog>
  );
}
