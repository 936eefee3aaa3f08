import { AppError } from '../../shared/errors.ts';
import type { ContainerRuntime } from '../../shared/image-policy.ts';
import type { Progress } from '../../shared/instances.ts';

/** A runtime's last line without its marks of level and time, and how much is there. */
export function progressOf(line: string, kib: number): Progress {
  const plain = line
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal begin with one
    .replace(/\u001b\[[0-9;]*[A-Za-z]/g, '')
    .replace(/^time="[^"]*" level=\w+ msg=/, '')
    .replace(/^(?:INFO|WARNING|DEBUG|VERBOSE):\s*/, '')
    .trim();
  const percent = /(?:^|\s)(\d{1,3})(?:\.\d+)?\s?%/.exec(plain)?.[1];
  const size = kib >= 1024 ? `${Math.round(kib / 1024)} MiB so far` : '';
  return {
    fraction: percent === undefined ? null : Math.min(1, Number(percent) / 100),
    words: [plain.slice(0, 200), size].filter((part) => part !== '').join(' · '),
  };
}

interface Cause {
  pattern: RegExp;
  code: 'no-space' | 'image-missing' | 'runtime-failed';
  words: (image: string, node: string) => string;
  hint: string;
}

const causes: readonly Cause[] = [
  {
    pattern: /no space left|disk quota|quota exceeded/i,
    code: 'no-space',
    words: (image, node) => `There is no space left on ${node} for the image ${image}.`,
    hint: 'Images are kept in ~/.tunel/cache/images and made in $TMPDIR there: free some space, or set TMPDIR in the environment lines of the cluster to a larger place.',
  },
  {
    pattern:
      /no such host|dial tcp|connection refused|network is unreachable|no route to host|i\/o timeout|TLS handshake|temporary failure in name resolution|x509:|proxyconnect/i,
    code: 'image-missing',
    words: (image, node) => `${node} cannot reach the registry of the image ${image}.`,
    hint: 'Many clusters have no way to the internet. Make the image elsewhere, copy its .sif or .tar file there and give the path of that file.',
  },
  {
    pattern:
      /unauthorized|authentication required|access denied|requested access to the resource is denied|invalid username|403 forbidden/i,
    code: 'image-missing',
    words: (image) => `The registry does not give out the image ${image}: it does not exist, or needs a sign-in.`,
    hint: 'Check its name. For a private image sign in on the login node first (`apptainer registry login` or `podman login`).',
  },
  {
    pattern: /manifest unknown|name unknown|not found|404|does not exist|no such file|unable to find/i,
    code: 'image-missing',
    words: (image) => `There is no image ${image}.`,
    hint: 'Check its name and tag.',
  },
];

/** Why an image could not be made, from the runtime's own words. */
export function pullError(runtime: ContainerRuntime, image: string, node: string, code: number, log: string): AppError {
  const detail = log.trim().split('\n').slice(-20).join('\n').slice(-4000) || `exit code ${code}`;
  const last = log.trim().split('\n').at(-1)?.trim().slice(0, 300) ?? '';
  if (code === 127 || /^Tunel: the module/m.test(log)) {
    return new AppError(
      'command-missing',
      `${runtime} was not found on ${node}, so the image ${image} was not fetched.`,
      {
        hint: `Add the module that brings ${runtime}, or choose another runtime.`,
        detail,
      },
    );
  }
  const cause = causes.find(({ pattern }) => pattern.test(log));
  if (cause) return new AppError(cause.code, cause.words(image, node), { hint: cause.hint, detail });
  return new AppError('runtime-failed', `${runtime} could not fetch the image ${image}${last ? `: ${last}` : ''}`, {
    hint: `Try \`${runtime} pull\` on ${node} yourself; the detail holds its words.`,
    detail,
  });
}

export function missingImage(path: string, node: string, detail: string): AppError {
  return new AppError('image-missing', `The image ${path} is not on ${node}, or may not be read.`, {
    hint: 'Check the path and its permissions there (`ls -l`).',
    detail: detail || undefined,
  });
}
