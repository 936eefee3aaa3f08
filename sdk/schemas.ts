import { z } from 'zod';
import { clusterFactsSchema, clusterSummarySchema, loginNodeUsageSchema } from '../electron/shared/clusters.ts';
import { logPieceSchema } from '../electron/shared/contract/common.ts';
import { engineStatusSchema } from '../electron/shared/contract/engine.ts';
import { errorCodes } from '../electron/shared/errors.ts';
import { fileInfoSchema, fileListSchema, filePlaceSchema } from '../electron/shared/files.ts';
import { instanceSchema, instanceStateSchema } from '../electron/shared/instances.ts';
import { jobSchema, jobStateSchema } from '../electron/shared/jobs.ts';
import { promptAnswerSchema, promptSchema } from '../electron/shared/prompts.ts';
import { transitionSchema } from '../electron/shared/transitions.ts';
import { tunnelSchema } from '../electron/shared/tunnels.ts';
import type * as types from './types.ts';

export { engineRequests, streams } from '../electron/shared/contract/index.ts';

/** The types that both SDKs name, by their schemas. The build derives from them what is published. */
export const namedSchemas = {
  ClusterFacts: clusterFactsSchema,
  ClusterSummary: clusterSummarySchema,
  EngineStatus: engineStatusSchema,
  ErrorCode: z.enum(errorCodes),
  FieldError: z.object({ field: z.string(), code: z.string(), message: z.string() }),
  FileEntry: fileListSchema.shape.entries.element,
  FileInfo: fileInfoSchema,
  FileList: fileListSchema,
  FilePlace: filePlaceSchema,
  Instance: instanceSchema,
  InstanceState: instanceStateSchema,
  JobInfo: jobSchema,
  JobState: jobStateSchema,
  LogPiece: logPieceSchema,
  LoginNodeUsage: loginNodeUsageSchema,
  Prompt: promptSchema,
  PromptAnswer: promptAnswerSchema,
  Transition: transitionSchema,
  TunnelState: tunnelSchema,
} satisfies { [N in NamedType]: z.ZodType<TypesByName[N]> };

type NamedType = keyof TypesByName;
interface TypesByName {
  ClusterFacts: types.ClusterFacts;
  ClusterSummary: types.ClusterSummary;
  EngineStatus: types.EngineStatus;
  ErrorCode: types.ErrorCode;
  FieldError: types.FieldError;
  FileEntry: types.FileEntry;
  FileInfo: types.FileInfo;
  FileList: types.FileList;
  FilePlace: types.FilePlace;
  Instance: types.Instance;
  InstanceState: types.InstanceState;
  JobInfo: types.JobInfo;
  JobState: types.JobState;
  LogPiece: types.LogPiece;
  LoginNodeUsage: types.LoginNodeUsage;
  Prompt: types.Prompt;
  PromptAnswer: types.PromptAnswer;
  Transition: types.Transition;
  TunnelState: types.TunnelState;
}
