import type { ByteStream } from '../electron/client/byte-stream.ts';
import type {
  EngineRequestName,
  RequestInput,
  RequestOutput,
  StreamClosed,
  StreamInput,
  StreamName,
  StreamOpened,
} from '../electron/shared/contract/index.ts';

export type {
  ClusterFacts,
  ClusterSummary,
  LoginNodeUsage,
} from '../electron/shared/clusters.ts';
export type { LogPiece } from '../electron/shared/contract/common.ts';
export type { EngineStatus } from '../electron/shared/contract/engine.ts';
export type { ErrorCode, FieldError } from '../electron/shared/errors.ts';
export type { FileEntry, FileInfo, FileList, FilePlace } from '../electron/shared/files.ts';
export type { Instance, InstanceState } from '../electron/shared/instances.ts';
export type { Job as JobInfo, JobState } from '../electron/shared/jobs.ts';
export type { Prompt, PromptAnswer } from '../electron/shared/prompts.ts';
export type { Transition } from '../electron/shared/transitions.ts';
export type { TunnelState } from '../electron/shared/tunnels.ts';

/** What each request takes and answers. */
export type Requests = { [N in EngineRequestName]: { input: RequestInput<N>; output: RequestOutput<N> } };

/** What each stream takes, says at its beginning and says at its end. */
export type Streams = {
  [N in StreamName]: { input: StreamInput<N>; opened: StreamOpened<N>; closed: StreamClosed<N> };
};

export type { ByteStream };
