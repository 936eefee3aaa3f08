/** Whether a click was on a card itself, and not on something in it that has a use of its own. */
export const isBackground = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('button, a, input, summary, pre, [role="log"]') === null;
