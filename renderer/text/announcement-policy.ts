import type { MessageValues } from '../../electron/shared/messages.ts';
import type { Transition, TransitionKind } from '../../electron/shared/transitions.ts';

export interface Announcement {
  text: string;
  urgent: boolean;
}

export const fullScreenHint: Announcement = {
  text: 'Full screen. F11 leaves it, and so does holding Escape.',
  urgent: false,
};

type Say = (values: MessageValues) => string;
const sentences: Readonly<Record<TransitionKind, { say: Say; urgent: boolean }>> = {
  waiting: { say: ({ title }) => `${title} waits in its queue.`, urgent: false },
  ready: { say: ({ title }) => `${title} is ready.`, urgent: false },
  running: { say: ({ title, job }) => `${title} is running${job ? ` as job ${job}` : ''}.`, urgent: false },
  reconnecting: { say: ({ title }) => `The connection to ${title} is lost; it keeps running.`, urgent: false },
  interrupted: { say: ({ title }) => `${title} was interrupted before it was submitted.`, urgent: false },
  ended: { say: ({ title }) => `${title} has ended.`, urgent: false },
  failed: { say: ({ title, reason }) => `${title} failed. ${reason ?? ''}`.trim(), urgent: true },
  'ten-minutes-left': { say: ({ title }) => `${title} has ten minutes left.`, urgent: true },
  connected: { say: ({ cluster }) => `${cluster} is connected.`, urgent: false },
  'sign-in-needed': { say: ({ cluster }) => `${cluster} needs you to sign in.`, urgent: true },
  unreachable: { say: ({ cluster }) => `${cluster} cannot be reached.`, urgent: true },
  'key-changed': { say: ({ cluster }) => `Stopped: ${cluster} shows a different key.`, urgent: true },
  'question-asked': { say: ({ cluster }) => `${cluster} asks for your answer.`, urgent: true },
};

/** What a screen reader says of a transition; failures, questions and hard stops are urgent. */
export function announcementOf({ kind, values }: Pick<Transition, 'kind' | 'values'>): Announcement {
  const { say, urgent } = sentences[kind];
  return { text: say(values), urgent };
}
