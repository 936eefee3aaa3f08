import { createElement, type HTMLAttributes } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { useFileDrop } from '../../../renderer/features/jobs/use-file-drop.ts';

it('a part that has dropped files first keeps them from an editor in it, and says where they were dropped', () => {
  const dropped: [readonly File[], EventTarget][] = [];
  let handlers: HTMLAttributes<unknown> = {};
  function Part() {
    handlers = useFileDrop(true, (files, at) => dropped.push([files, at]), { isFirst: true }).target;
    return null;
  }
  renderToStaticMarkup(createElement(Part));
  expect(handlers.onDrop).toBeUndefined();
  const file = new File(['ls'], 'run.sh');
  const item = { kind: 'file', getAsFile: () => file, webkitGetAsEntry: () => ({ isDirectory: false }) };
  const target = new EventTarget();
  const calls: string[] = [];
  const event = {
    target,
    dataTransfer: { types: ['Files'], items: [item, item] },
    preventDefault: () => calls.push('prevented'),
    stopPropagation: () => calls.push('stopped'),
  };
  Reflect.apply(handlers.onDropCapture ?? (() => undefined), undefined, [event]);
  expect([dropped, calls]).toEqual([[[[file, file], target]], ['prevented', 'stopped']]);
  const text = { ...event, dataTransfer: { types: ['text/plain'], items: [] } };
  Reflect.apply(handlers.onDropCapture ?? (() => undefined), undefined, [text]);
  expect([dropped.length, calls.length]).toEqual([1, 2]);
});
