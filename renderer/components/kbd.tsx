import css from './kbd.module.css';

export function Kbd({ keys }: { keys: string }) {
  return (
    <>
      {keys.split(' ').map((key, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: keys of one combination never move
        <kbd key={index} className={css.kbd} aria-hidden>
          {key}
        </kbd>
      ))}
    </>
  );
}

/** `Ctrl` here, the command sign on a Mac. */
export const modKey = () => (window.tunel.platform === 'darwin' ? '⌘' : 'Ctrl');
