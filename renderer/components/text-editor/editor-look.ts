import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** The colours are the app's tokens, so that both schemes follow by themselves. */
const theme = EditorView.theme({
  '&': { blockSize: '100%', background: 'var(--surface)', color: 'var(--ink)', fontSize: '12px' },
  // Above the numbers of the lines, which would cover an outline.
  '&.cm-focused': { outline: 'none' },
  '&.cm-focused::after': {
    content: '""',
    position: 'absolute',
    inset: '0',
    zIndex: '250',
    border: '2px solid var(--accent-ink)',
    pointerEvents: 'none',
  },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px', fontFeatureSettings: '"liga" 0' },
  '.cm-content': { paddingBlock: 'var(--s2)', caretColor: 'var(--ink)' },
  '.cm-line': { paddingInline: 'var(--s2)' },
  '.cm-gutters': { background: 'var(--surface)', color: 'var(--ink-3)', border: '0' },
  '.cm-lineNumbers .cm-gutterElement': { minInlineSize: '30px', paddingInline: '0 4px' },
  '.cm-cursor': { borderInlineStartColor: 'var(--ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--accent-line)',
  },
  '.cm-directive': { background: 'var(--accent-soft)' },
  '.cm-directive, .cm-directive *': { color: 'var(--ink-2)' },
  '.cm-directive .cm-directivePrefix, .cm-directive .cm-directivePrefix *': { color: 'var(--accent-ink)' },
  '.cm-directive .cm-directiveValue, .cm-directive .cm-directiveValue *': { color: 'var(--ink)', fontWeight: '600' },
  '.cm-changed': { boxShadow: 'inset 3px 0 0 var(--accent-mark)' },
  '.cm-lintRange-error': { textDecoration: 'underline wavy var(--bad-mark)', backgroundImage: 'none' },
  '.cm-lintRange-warning': { textDecoration: 'underline wavy var(--wait-mark)', backgroundImage: 'none' },
  '.cm-lintRange-info': { textDecoration: 'underline dotted var(--off-mark)', backgroundImage: 'none' },
  '.cm-searchMatch': { background: 'var(--wait-soft)', outline: '1px solid var(--wait-mark)' },
  '.cm-searchMatch-selected': { background: 'var(--wait-mark)' },
  '.cm-tooltip': {
    background: 'var(--surface)',
    color: 'var(--ink)',
    border: '0',
    borderRadius: 'var(--r-m)',
    boxShadow: 'var(--shadow-2)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxBlockSize: '220px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px', lineHeight: '18px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'var(--accent-soft)', color: 'var(--ink)' },
  '.cm-completionDetail': {
    fontFamily: 'var(--mantine-font-family)',
    fontStyle: 'normal',
    marginInlineStart: '10px',
    color: 'var(--ink-3)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--accent-ink)', fontWeight: '600' },
  '.cm-diagnostic': { fontFamily: 'var(--mantine-font-family)', padding: '6px 10px', maxInlineSize: '46ch' },
  '.cm-diagnostic-error': { borderInlineStart: '3px solid var(--bad-mark)' },
  '.cm-diagnostic-warning': { borderInlineStart: '3px solid var(--wait-mark)' },
  '.cm-diagnostic-info': { borderInlineStart: '3px solid var(--off-mark)' },
  '.cm-panels': { background: 'var(--inset)', color: 'var(--ink)', borderColor: 'var(--line)' },
  '.cm-panels button, .cm-panels input': { fontFamily: 'var(--mantine-font-family)', fontSize: '12px' },
  '.cm-panel.cm-search label': { fontFamily: 'var(--mantine-font-family)', fontSize: '12px', marginInlineStart: '6px' },
  '.cm-panel.cm-search label input': { verticalAlign: 'middle' },
  '.cm-panel.cm-search [name=close]': {
    color: 'var(--ink-2)',
    fontSize: '16px',
    inlineSize: '24px',
    blockSize: '24px',
  },
  '.cm-panels .cm-textfield, .cm-panels .cm-button': { borderRadius: 'var(--r-s)' },
  '.cm-panels .cm-textfield': { background: 'var(--surface)', color: 'var(--ink)', borderColor: 'var(--line-ctl)' },
  '.cm-panels .cm-button': {
    background: 'var(--surface)',
    backgroundImage: 'none',
    color: 'var(--ink)',
    borderColor: 'var(--line-soft)',
  },
});

const highlighting = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--ink-3)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--ok)' },
  { tag: [tags.keyword, tags.standard(tags.variableName)], color: 'var(--go)' },
  { tag: [tags.definition(tags.variableName), tags.attributeName], color: 'var(--accent-ink)' },
  { tag: tags.number, color: 'var(--wait)' },
  { tag: tags.meta, color: 'var(--ink-3)' },
]);

export const editorLook: Extension = [theme, syntaxHighlighting(highlighting)];
