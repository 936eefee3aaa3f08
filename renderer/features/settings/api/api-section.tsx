import { Button, Skeleton } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconPlus } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { ErrorNote } from '../../../components/error-note.tsx';
import { stroke } from '../../../components/icons.tsx';
import { LinkButton } from '../../../components/link-button.tsx';
import { useNow } from '../../../components/use-now.ts';
import { count } from '../../../text/size.ts';
import { ui } from '../../../ui-store.ts';
import { SectionHead } from '../section-head.tsx';
import settings from '../settings.module.css';
import css from './api.module.css';
import { ClustersGroup } from './clusters-group.tsx';
import { CreatedToken } from './created-token.tsx';
import { LoopbackGroup } from './loopback-row.tsx';
import { TokenTable } from './token-table.tsx';
import { isUsable } from './token-text.ts';
import { loadTokens, useTokens } from './tokens-store.ts';

/** Another client may create or revoke one, and each use changes its time, ms. */
const REFRESH = 10_000;

/** Reads the tokens when the page comes, and again while it is seen. */
function useFreshTokens(): void {
  useEffect(() => {
    void loadTokens();
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void loadTokens();
    }, REFRESH);
    return () => clearInterval(timer);
  }, []);
}

function NoToken() {
  return (
    <div className={css.empty}>
      <div className="medium">No token yet</div>
      <div className="text-sm text-tertiary">
        A token lets one script, notebook or agent use the clusters below, as far as you allow it.
      </div>
    </div>
  );
}

/** Those that can be used; those that cannot any more are folded away. */
function TokenCards() {
  const tokens = useTokens((state) => state.tokens);
  const hasFailed = useTokens((state) => state.error !== null);
  const now = useNow(true, 20_000);
  const [isOpen, setOpen] = useState(false);
  if (tokens === null) {
    if (hasFailed) return null;
    return (
      <div className={`${settings.card} ${css.loading}`} aria-busy role="status" aria-label="Reading the tokens">
        <Skeleton height={12} width="40%" />
        <Skeleton height={12} width="60%" />
      </div>
    );
  }
  const usable = tokens.filter((token) => isUsable(token, now));
  const over = tokens.filter((token) => !isUsable(token, now));
  const Chevron = isOpen ? IconChevronUp : IconChevronDown;
  return (
    <>
      <div className={settings.card}>
        {usable.length === 0 ? <NoToken /> : <TokenTable label="Tokens" tokens={usable} />}
      </div>
      {over.length > 0 && (
        <div className={css.folded}>
          <LinkButton aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            <Chevron size={14} stroke={stroke} aria-hidden />
            {count(over.length, 'revoked or expired token')}
          </LinkButton>
          {isOpen && (
            <div className={settings.card}>
              <TokenTable label="Revoked and expired tokens" tokens={over} />
            </div>
          )}
        </div>
      )}
    </>
  );
}

export function ApiSection() {
  useFreshTokens();
  const error = useTokens((state) => state.error);
  return (
    <>
      <SectionHead title="API and tokens" note="Let scripts, notebooks and agents use your signed-in connections">
        <Button
          size="xs"
          variant="filled"
          leftSection={<IconPlus size={14} stroke={stroke} aria-hidden />}
          onClick={() => ui.open({ kind: 'token' })}
        >
          New token
        </Button>
      </SectionHead>
      <div className={css.notes}>
        <CreatedToken />
        {error && (
          <ErrorNote
            error={error}
            title="The tokens were not read"
            alert
            action={<LinkButton onClick={() => void loadTokens()}>Try now</LinkButton>}
          />
        )}
      </div>
      <TokenCards />
      <ClustersGroup />
      <LoopbackGroup />
    </>
  );
}
