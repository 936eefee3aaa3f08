import { z } from 'zod';
import type { ByteStream } from '../../electron/client/byte-stream.ts';
import type { ClusterSummary } from '../../electron/shared/clusters.ts';
import type { Exact } from '../../electron/shared/contract/exact.ts';
import type {
  EngineRequestName,
  RequestInput,
  RequestOutput,
  StreamClosed,
  StreamInput,
  StreamName,
  StreamOpened,
} from '../../electron/shared/contract/index.ts';
import { AppError } from '../../electron/shared/errors.ts';
import { message } from '../../electron/shared/messages.ts';
import type { TokenScope } from '../../electron/shared/tokens.ts';

/** The engine as one call of a tool uses it; all of it ends when the agent gives the call up. */
export interface ToolSession {
  request<N extends EngineRequestName, I extends RequestInput<N>>(
    name: N,
    input: I & Exact<I, RequestInput<N>>,
  ): Promise<RequestOutput<N>>;
  openStream<N extends StreamName, I extends StreamInput<N>>(
    name: N,
    input: I & Exact<I, StreamInput<N>>,
  ): Promise<ByteStream<StreamOpened<N>, StreamClosed<N>>>;
}

interface ToolDefinition<I extends z.ZodObject> {
  name: string;
  title: string;
  description: string;
  /** What the token needs for it. */
  scope: TokenScope;
  /** It changes or runs something; `destructive`: what was there may be lost. */
  writes?: 'additive' | 'destructive';
  input: I;
  run(input: z.output<I>, session: ToolSession): Promise<string>;
}

/** Something that an agent can call. */
export interface Tool extends Omit<ToolDefinition<z.ZodObject>, 'run' | 'input'> {
  readonly inputSchema: Record<string, unknown>;
  /** @throws AppError `bad-input` for arguments of another shape, and whatever the call fails with */
  call(input: unknown, session: ToolSession): Promise<string>;
}

export function defineTool<I extends z.ZodObject>({ input, run, ...definition }: ToolDefinition<I>): Tool {
  return {
    ...definition,
    inputSchema: z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }),
    call(given, session) {
      const parsed = input.safeParse(given);
      if (parsed.success) return run(parsed.data, session);
      const [first] = parsed.error.issues;
      throw new AppError(
        'bad-input',
        message`${{ field: first?.path.join('.') || 'The input' }}: ${{ problem: first?.message ?? '' }}`,
      );
    },
  };
}

export const clusterName = z.string().min(1).max(100).describe('Name of a cluster, as list_clusters gives it');
export const id = z.string().min(1).max(100);

/** A cluster that the token may use, by its name or id. @throws AppError `not-found` naming what there is */
export async function findCluster({ request }: ToolSession, name: string): Promise<ClusterSummary> {
  const clusters = await request('clusters.list', undefined);
  const found = clusters.find((cluster) => cluster.name === name || cluster.id === name);
  if (found) return found;
  throw new AppError('not-found', message`There is no cluster “${{ name }}” that this token may use.`, {
    hint:
      clusters.length === 0
        ? 'The user allows one with: tunel clusters allow-api NAME'
        : message`There are: ${{ clusters: clusters.map((cluster) => cluster.name).join(', ') }}.`,
  });
}
