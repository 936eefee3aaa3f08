export interface KeyHelp {
  /** Keys of one combination, separated by spaces; `Mod` is Ctrl or the command key. */
  keys: string;
  does: string;
}

interface KeyGroup {
  title: string;
  list: KeyHelp[];
}

/** All keys, in the groups that the help shows. */
export const keyGroups: readonly KeyGroup[] = [
  {
    title: 'Everywhere',
    list: [
      { keys: 'Mod K', does: 'Search or run' },
      { keys: 'Mod N', does: 'Launch an app' },
      { keys: 'Mod Shift N', does: 'New job' },
      { keys: 'Alt 1', does: 'Running, and Alt 2 to 5 for jobs, recipes, clusters and settings' },
      { keys: 'Alt 6', does: 'Files' },
      { keys: 'Mod ,', does: 'Settings' },
      { keys: '/', does: 'Search on this page' },
      { keys: 'F6', does: 'Next region; Shift F6 goes back' },
      { keys: 'Mod +', does: 'Zoom in; Mod - zooms out, Mod 0 resets' },
      { keys: 'F1', does: 'This help; so does ?' },
    ],
  },
  {
    title: 'Cards',
    list: [
      { keys: '↑ ↓', does: 'Previous or next card' },
      { keys: 'Enter', does: 'Open' },
      { keys: 'L', does: 'Log' },
      { keys: 'E', does: 'Edit and relaunch' },
      { keys: 'Delete', does: 'Stop, or remove what has ended' },
      { keys: 'Shift F10', does: 'Menu of the card; so does the menu key' },
    ],
  },
  {
    title: 'Jobs',
    list: [
      { keys: '↑ ↓', does: 'Previous or next job; Home and End go to the first and last' },
      { keys: 'Enter', does: 'Show the job' },
      { keys: 'R', does: 'Run again' },
      { keys: 'E', does: 'Edit and launch again' },
      { keys: 'A', does: 'Archive, or take back from the archive' },
      { keys: 'Delete', does: 'Cancel, or remove what has ended' },
    ],
  },
  {
    title: 'Files',
    list: [
      { keys: '↑ ↓', does: 'Previous or next file; with Shift, all up to it; letters go to a name' },
      { keys: 'Space', does: 'Choose it too, or no more; Mod A chooses all' },
      { keys: 'Enter', does: 'Open a folder, or preview a file; so does F3' },
      { keys: 'Backspace', does: 'Up one folder' },
      { keys: 'Tab', does: 'The other pane' },
      { keys: 'Mod L', does: 'Type a path' },
      { keys: 'Mod F', does: 'Find by name' },
      { keys: 'Mod H', does: 'Show or hide hidden files' },
      { keys: 'F2', does: 'Rename' },
      { keys: 'F4', does: 'Edit the file' },
      { keys: 'F5', does: 'Copy to the other pane; with Shift, move' },
      { keys: 'F7', does: 'New folder' },
      { keys: 'Mod C', does: 'Copy; Mod X cuts, Mod V pastes' },
      { keys: 'Delete', does: 'Move to the trash; with Shift, delete for good' },
      { keys: 'Mod Z', does: 'Undo' },
      { keys: 'Shift F10', does: 'Menu; so does the menu key' },
    ],
  },
  {
    title: 'Terminals',
    list: [
      { keys: 'Mod Shift F', does: 'Search; on macOS without Shift, as the next four' },
      { keys: 'Mod Shift C', does: 'Copy' },
      { keys: 'Mod Shift V', does: 'Paste' },
      { keys: 'Mod Shift T', does: 'Another terminal there' },
      { keys: 'Mod Shift W', does: 'Close the terminal' },
      { keys: 'Ctrl PageDown', does: 'Next terminal; Ctrl PageUp goes to the one before' },
    ],
  },
  {
    title: 'Settings and lists',
    list: [
      { keys: '↑ ↓', does: 'Previous or next page of the settings, or call of the audit log' },
      { keys: 'Home', does: 'First one; End goes to the last' },
      { keys: 'Enter', does: 'Open it; of a call its details' },
    ],
  },
  {
    title: 'Launch form',
    list: [{ keys: 'Mod Enter', does: 'Launch from anywhere on the page' }],
  },
  {
    title: 'Views',
    list: [
      { keys: 'Mod 1', does: 'First view, and so on to 9' },
      { keys: 'Ctrl Tab', does: 'Next view; with Shift the one before' },
      { keys: 'Mod W', does: 'Close the view; the app keeps running' },
      { keys: 'Mod R', does: 'Reload' },
      { keys: 'Mod F', does: 'Find in the page' },
      { keys: 'F11', does: 'Full screen' },
      { keys: 'Mod Shift X', does: 'Stop the app' },
      { keys: 'Mod Alt K', does: 'Search or run, from inside an app' },
    ],
  },
];
