import { expect, test } from 'vitest';
import { readHtmlForms } from '../../../electron/core/html-form.ts';

test('forms with their fields, as a browser reads them', () => {
  const { forms, fields } = readHtmlForms(`<!doctype html><title><form></title>
    <script>document.write('<form action="/fake"><input name=evil>')</script><!-- <form><input name=hidden> -->
    <input name=outside>
    <FORM METHOD=post ACTION='/login?next=%2F&amp;x=1'>
      <form action=/nested><input Name="user" value="a &lt;b&gt; &#34;c&#x27;">
      <input type="PASSWORD" name='pass' data-x="> name=no">
      <textarea><input name=text></textarea>
    </form><form><input value=z name=unclosed>`);
  expect(forms).toEqual([
    {
      action: '/login?next=%2F&x=1',
      fields: [
        { name: 'user', type: 'text', value: `a <b> "c'` },
        { name: 'pass', type: 'password', value: '' },
      ],
    },
    { action: undefined, fields: [{ name: 'unclosed', type: 'text', value: 'z' }] },
  ]);
  expect(fields.map(({ name }) => name)).toEqual(['outside', 'user', 'pass', 'unclosed']);
});
