/** A name that stays in the folder it is put in, whatever the app called it. */
export function safeFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const plain = last.replace(/[\x00-\x1f\x7f<>:"|?*]/g, '_').replace(/^\.+/, '');
  return plain.slice(0, 200) || 'download';
}
