import type { Recognition } from '../../shared/folders.ts';

/** A way to start a folder's app, before it is known what must be installed for it. */
export interface Candidate extends Omit<Recognition, 'environment'> {
  /** Its own script installs what it wants. */
  installsItself?: true;
}
