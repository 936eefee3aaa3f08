import type { RuntimeInfo } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import { type ContainerRuntime, canRun, type Image, imageText } from '../../shared/image-policy.ts';
import { message } from '../../shared/messages.ts';
import { quote, quoteAll } from '../../shared/shell-quote.ts';
import type { Bind } from './bind-policy.ts';

/** `run`: what the image is for; `exec`: a command in it; `shell`: a shell in it. */
export const containerVerbs = ['run', 'exec', 'shell'] as const;
export type ContainerVerb = (typeof containerVerbs)[number];

export interface OneCommand {
  verb: ContainerVerb;
  image: Image;
  /** Arguments of the image, or a command and its arguments. */
  args: readonly string[];
  binds: readonly Bind[];
  gpu: boolean;
  /** It runs on a terminal. */
  terminal: boolean;
}

/** The first that is there and can run the image. @throws AppError `command-missing` */
export function pickRuntime(
  order: readonly ContainerRuntime[],
  found: readonly RuntimeInfo[],
  image: Image,
  clusterName: string,
): RuntimeInfo & { name: ContainerRuntime } {
  for (const name of order) {
    const runtime = found.find((each) => each.name === name);
    if (runtime && canRun(name, image) && (name !== 'docker' || image.kind === 'registry')) return { ...runtime, name };
  }
  const names = found.map(({ name }) => name).join(', ');
  throw new AppError(
    'command-missing',
    message`${{ clusterName }} has nothing that can run the image ${{ image: imageText(image) }}.`,
    {
      hint: names === '' ? 'No container runtime was found on its login node.' : `Found on its login node: ${names}.`,
    },
  );
}

/** POSIX sh text that becomes a container's command, with the home directory inside, in the directory it begins in. */
export function oneCommand(runtime: { name: ContainerRuntime; program: string }, command: OneCommand): string {
  return runtime.name === 'apptainer' ? withApptainer(runtime.program, command) : withEngine(runtime, command);
}

/** Never in /tmp, where others could put an image of that name first. */
const privateCache = `cache=$HOME/.tunel/cache/singularity
mkdir -p "$cache" && chmod 700 "$cache" || exit 1
: "\${SINGULARITY_CACHEDIR:=\${APPTAINER_CACHEDIR:-$cache}}"
: "\${APPTAINER_CACHEDIR:=$SINGULARITY_CACHEDIR}"
export SINGULARITY_CACHEDIR APPTAINER_CACHEDIR
`;

function withApptainer(program: string, { verb, image, args, binds, gpu }: OneCommand): string {
  const options = [...binds.map((bind) => `--bind ${formatBind(bind)}`), ...(gpu ? ['--nv'] : [])];
  const { kind } = image;
  const from =
    kind === 'registry'
      ? `${image.scheme}://${image.name}`
      : `${kind === 'archive' ? 'docker-archive:' : ''}${image.path}`;
  return `${privateCache}exec ${[quote(program), verb, ...options, quote(from), quoteAll(args)].join(' ')}\n`;
}

function withEngine({ name, program }: { name: ContainerRuntime; program: string }, command: OneCommand): string {
  const { verb, image, args, binds, gpu, terminal } = command;
  const options = [
    'run --rm -i',
    ...(terminal ? ['-t'] : []),
    '--network host --security-opt label=disable --security-opt no-new-privileges',
    // Files of the home directory are to be the user's inside, too.
    name === 'podman' ? '--userns keep-id' : '--user "$(id -u):$(id -g)"',
    '--volume "$HOME:$HOME" --env HOME="$HOME" --workdir "$PWD"',
    ...binds.map((bind) => `--volume ${formatBind(bind)}`),
    ...(gpu ? [name === 'podman' ? '--device nvidia.com/gpu=all' : '--gpus all'] : []),
    ...(verb === 'run' ? [] : ['--entrypoint ""']),
  ];
  const from = image.kind === 'archive' ? `docker-archive:${image.path}` : imageText(image);
  const shell = `sh -c 'command -v bash >/dev/null && exec bash; exec sh'`;
  return `exec ${quote(program)} ${[...options, quote(from), verb === 'shell' ? shell : quoteAll(args)].join(' ')}\n`;
}

function formatBind({ source, target, readOnly }: Bind): string {
  const path = (text: string) => (text.startsWith('~') ? `"$HOME"${quote(text.slice(1))}` : quote(text));
  return `${path(source)}:${path(target ?? source)}${readOnly ? ':ro' : ''}`;
}
