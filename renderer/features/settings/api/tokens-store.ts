import { create } from 'zustand';
import { AppError } from '../../../../electron/shared/errors.ts';
import type { Token, UsedToken } from '../../../../electron/shared/tokens.ts';
import { invoke } from '../../../bridge.ts';

interface TokensState {
  /** null: not read yet. */
  tokens: UsedToken[] | null;
  error: AppError | null;
  /** The token that was just created, with its text, which the engine does not keep. */
  created: { token: Token; text: string } | null;
}

export const useTokens = create<TokensState>(() => ({ tokens: null, error: null, created: null }));

/** Reads the tokens anew. Never rejects: the page shows the failure. */
export async function loadTokens(): Promise<void> {
  try {
    useTokens.setState({ tokens: await invoke('tokens.list', undefined), error: null });
  } catch (error) {
    useTokens.setState({ error: AppError.from(error) });
  }
}

/** The text of a new token is shown on the page until it is put away. */
export function showCreated(created: NonNullable<TokensState['created']>): void {
  useTokens.setState(({ tokens }) => ({
    created,
    tokens: tokens && [{ ...created.token, today: { calls: 0, jobs: 0, bytes: 0 } }, ...tokens],
  }));
}

/** @throws AppError */
export async function revokeToken(id: string): Promise<void> {
  await invoke('tokens.revoke', { id });
  const { created } = useTokens.getState();
  if (created?.token.id === id) forgetCreated();
  await loadTokens();
}

/** Its text can be read nowhere any more. */
export const forgetCreated = (): void => useTokens.setState({ created: null });
