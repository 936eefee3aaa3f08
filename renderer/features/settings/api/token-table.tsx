import { ActionIcon, Menu } from '@mantine/core';
import { IconBan, IconDots, IconGauge, IconListSearch } from '@tabler/icons-react';
import type { Token, UsedToken } from '../../../../electron/shared/tokens.ts';
import bar from '../../../components/bar.module.css';
import { stroke } from '../../../components/icons.tsx';
import { MenuHint } from '../../../components/menu-hint.tsx';
import { Tag } from '../../../components/tag.tsx';
import { useNow } from '../../../components/use-now.ts';
import { useStore } from '../../../store.ts';
import { ui } from '../../../ui-store.ts';
import { clientOfToken, useAuditView, wholeLog } from '../audit/audit-store.ts';
import css from '../table.module.css';
import {
  describeEnd,
  describeLimits,
  describeToday,
  describeUse,
  isUsable,
  orderScopes,
  scopeTexts,
} from './token-text.ts';
import { revokeToken } from './tokens-store.ts';

/** The share of a limit from which on its bar is in another colour. */
const NEARLY_USED = 0.8;

function askToRevoke({ id, name }: Token) {
  ui.confirm({
    title: `Revoke ${name}?`,
    text: 'Its calls are refused from now on, and what it has open ends. This cannot be undone; a new token can be created.',
    action: 'Revoke',
    run: () => revokeToken(id),
  });
}

function TokenMenu({ token, isOver }: { token: Token; isOver: boolean }) {
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon size={26} aria-label={`More for ${token.name}`}>
          <IconDots size={14} stroke={stroke} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconListSearch size={16} stroke={stroke} aria-hidden />}
          onClick={() => {
            useAuditView.setState({ view: { ...wholeLog, client: clientOfToken(token.id) } });
            ui.showSettings('audit');
          }}
        >
          Show its calls
          <MenuHint>In the audit log</MenuHint>
        </Menu.Item>
        {token.revokedAt === null && (
          <Menu.Item
            leftSection={<IconGauge size={16} stroke={stroke} aria-hidden />}
            onClick={() => ui.open({ kind: 'token-limits', id: token.id })}
          >
            {isOver ? 'Renew' : 'Limits and end'}
          </Menu.Item>
        )}
        {!isOver && (
          <>
            <Menu.Divider />
            <Menu.Item
              data-danger
              leftSection={<IconBan size={16} stroke={stroke} aria-hidden />}
              onClick={() => askToRevoke(token)}
            >
              Revoke
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The clusters of a token by their names; `all` those that are enabled. */
function useClusterNames({ clusters }: Token): string {
  const saved = useStore((state) => state.clusters);
  if (clusters === null) return 'all';
  const names = clusters.flatMap((id) => saved.find(({ cluster }) => cluster.id === id)?.cluster.name ?? []);
  return names.length === 0 ? 'none any more' : names.join(', ');
}

/** What it used today of its limits, which the tooltip names all. */
function TodayCell({ token }: { token: UsedToken }) {
  const { text, share } = describeToday(token);
  return (
    <td title={describeLimits(token.limits) || undefined}>
      <div className="truncate">{text}</div>
      {share !== null && (
        <span
          className={`${bar.bar} ${css.share}`}
          role="img"
          aria-label={`${Math.round(share * 100)} percent of what ${token.name} may use today`}
        >
          <i className={share >= NEARLY_USED ? bar.wait : bar.go} style={{ inlineSize: `${share * 100}%` }} />
        </span>
      )}
    </td>
  );
}

function TokenRow({ token, now }: { token: UsedToken; now: number }) {
  const clusters = useClusterNames(token);
  return (
    <tr>
      <td>
        <span className={`${css.name} truncate`} title={token.name}>
          {token.name}
        </span>
        <span className={`${css.sub} truncate`}>{describeUse(token, now)}</span>
      </td>
      <td>
        <span className={css.tags}>
          {orderScopes(token.scopes).map((scope) => (
            <Tag key={scope} title={scopeTexts[scope].text}>
              {scope}
            </Tag>
          ))}
        </span>
      </td>
      <td className={css.hideNarrow}>
        <div className="truncate" title={clusters}>
          {clusters}
        </div>
      </td>
      <TodayCell token={token} />
      <td>{describeEnd(token, now)}</td>
      <td className={css.actions}>
        <TokenMenu token={token} isOver={!isUsable(token, now)} />
      </td>
    </tr>
  );
}

/** Tokens, one a row. */
export function TokenTable({ label, tokens }: { label: string; tokens: readonly UsedToken[] }) {
  const now = useNow(true, 20_000);
  return (
    <table className={css.table} aria-label={label}>
      <colgroup>
        <col />
        <col className={css.colScopes} />
        <col className={`${css.colClusters} ${css.hideNarrow}`} />
        <col className={css.colToday} />
        <col className={css.colExpires} />
        <col className={css.colActions} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Scopes</th>
          <th scope="col" className={css.hideNarrow}>
            Clusters
          </th>
          <th scope="col">Today, of its limit</th>
          <th scope="col">Expires</th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <TokenRow key={token.id} token={token} now={now} />
        ))}
      </tbody>
    </table>
  );
}
