/** What no system takes in the name of a file, or takes for a folder. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced
const unusable = /[\\/:*?"<>|\u0000-\u001f\u007f]+/g;

/** `fit-3f2a9c1e.tar`, or `fit-3f2a9c1e (2).tar` where that is there already. */
export function resultsFileName(name: string, jobId: string, isThere: (file: string) => boolean): string {
  const safe = (text: string) => text.replace(unusable, '-').replace(/^\.+/, '');
  const stem = `${safe(name).slice(0, 80)}-${safe(jobId)}`;
  for (let number = 1; ; number += 1) {
    const file = number === 1 ? `${stem}.tar` : `${stem} (${number}).tar`;
    if (!isThere(file)) return file;
  }
}
