import type { FileSpace } from '../../../electron/shared/files.ts';
import { formatFileSize } from '../../text/size.ts';

/** From this share on, the user is warned. */
const NEARLY_FULL = 0.95;

interface SpaceText {
  text: string;
  detail: string;
  isLow: boolean;
}

const share = (used: number, of: number): number => (of > 0 ? used / of : 0);
const percent = (value: number): string => `${Math.min(100, Math.round(value * 100))} %`;
const number = (value: number): string => value.toLocaleString('en-GB');

/** The limit that is nearest: of the quota where there is one, else of the disk. null: nothing is known. */
export function describeSpace({ total, free, filesTotal, filesFree, quota }: FileSpace): SpaceText | null {
  const details: string[] = [];
  const texts: { text: string; used: number }[] = [];
  const add = (used: number, text: string, detail: string) => {
    texts.push({ text, used });
    details.push(detail);
  };
  if (quota?.bytesLimit) {
    const text = `${formatFileSize(quota.bytes)} of ${formatFileSize(quota.bytesLimit)}`;
    const used = share(quota.bytes, quota.bytesLimit);
    add(used, `Quota ${text} (${percent(used)})`, `Your quota: ${text}`);
  }
  if (quota?.filesLimit) {
    const text = `${number(quota.files)} of ${number(quota.filesLimit)} files`;
    const used = share(quota.files, quota.filesLimit);
    add(used, `Quota ${text} (${percent(used)})`, `Your quota: ${text}`);
  }
  if (total !== null && free !== null)
    add(
      share(total - free, total),
      `${formatFileSize(free)} free`,
      `The disk: ${formatFileSize(free)} of ${formatFileSize(total)} are free`,
    );
  if (filesTotal !== null && filesFree !== null) {
    const used = share(filesTotal - filesFree, filesTotal);
    details.push(`The disk can hold ${number(filesFree)} files more`);
    if (used >= NEARLY_FULL) texts.push({ text: `Room for ${number(filesFree)} files`, used });
  }
  const [first] = texts;
  if (!first) return null;
  const fullest = texts.reduce((one, other) => (other.used > one.used ? other : one));
  const isLow = fullest.used >= NEARLY_FULL;
  return { text: isLow ? fullest.text : first.text, detail: `${details.join('. ')}.`, isLow };
}
