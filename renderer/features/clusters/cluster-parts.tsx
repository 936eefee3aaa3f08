import {
  IconBox,
  IconDatabase,
  IconGauge,
  IconMapPin,
  IconServerCog,
  IconTerminal2,
  type TablerIcon,
} from '@tabler/icons-react';
import { type ClusterFacts, type ClusterState, describeUsage, type Queue } from '../../../electron/shared/clusters.ts';
import type { SiteProfile } from '../../../electron/shared/sites.ts';
import bar from '../../components/bar.module.css';
import iconLine from '../../components/icon-line.module.css';
import { stroke } from '../../components/icons.tsx';
import { Note } from '../../components/note.tsx';
import { SiteDocs } from '../../components/site-docs.tsx';
import { Tag } from '../../components/tag.tsx';
import { homeUse } from '../../text/cluster.ts';
import { experimentalLabel, isExperimental, launcherTitle, runtimeTitle } from '../../text/launcher.ts';
import { formatFileSize } from '../../text/size.ts';
import css from './cluster-parts.module.css';
import { useUsage } from './use-usage.ts';

const icon = (Shown: TablerIcon, size = 16) => <Shown size={size} stroke={stroke} aria-hidden />;

export function Queues({ queues }: { queues: Queue[] }) {
  if (queues.length === 0) return null;
  return (
    <table className={css.queues} aria-label="Queues">
      <tbody>
        {queues.slice(0, 5).map((queue) => {
          const known = queue.cpusTotal !== null && queue.cpusFree !== null && queue.cpusTotal > 0;
          const used = known ? 1 - (queue.cpusFree ?? 0) / (queue.cpusTotal ?? 1) : 0;
          return (
            <tr key={queue.name}>
              <th scope="row" className="truncate" title={queue.name}>
                {queue.name}
              </th>
              <td>
                {known && (
                  <div className={bar.bar} aria-hidden>
                    <i style={{ inlineSize: `${used * 100}%` }} />
                  </div>
                )}
              </td>
              <td className="truncate">
                {known ? `${queue.cpusFree} of ${queue.cpusTotal} cores free` : queue.state || 'not known'}
              </td>
            </tr>
          );
        })}
        {queues.length > 5 && (
          <tr>
            <td colSpan={3}>and {queues.length - 5} more</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

export function Home({ facts }: { facts: ClusterState['facts'] }) {
  const use = homeUse(facts);
  if (use === null || !facts || facts.homeTotal === null || facts.homeFree === null) return null;
  const used = `${formatFileSize(facts.homeTotal - facts.homeFree)} of ${formatFileSize(facts.homeTotal)}`;
  if (use > 0.9) {
    return (
      <Note tone="wait">
        <strong className="bold">Home is {Math.floor(use * 100)}% full.</strong> {used}; apps fail to start when it is
        full.
      </Note>
    );
  }
  return (
    <div className={iconLine.line}>
      {icon(IconDatabase, 14)} Home {used}
    </div>
  );
}

/** What runs apps there: schedulers and containers with their versions. */
export function Programs({ facts }: { facts: ClusterFacts }) {
  const schedulers = facts.launchers.filter((launcher) => launcher.name !== 'login');
  return (
    <ul className={`${css.facts} tabular`} aria-label="Launchers and containers">
      {schedulers.length === 0 && (
        <li className="text-tertiary">{icon(IconTerminal2)} No scheduler: login node only</li>
      )}
      {schedulers.map((launcher) => (
        <li key={launcher.name}>
          {icon(IconServerCog)} {launcherTitle(launcher)}
          {isExperimental(launcher.name) && <Tag>{experimentalLabel}</Tag>}
        </li>
      ))}
      {facts.runtimes.map((runtime) => (
        <li key={runtime.name} title="A container runtime on the login node">
          {icon(IconBox)} {runtimeTitle(runtime)}
        </li>
      ))}
    </ul>
  );
}

/** What the connections have cost the login node. */
export function Usage({ clusterId }: { clusterId: string }) {
  const usage = useUsage(clusterId);
  if (!usage || usage.sessionsStarted === 0) return null;
  return (
    <div className={`${iconLine.line} tabular`}>
      {icon(IconGauge, 14)} {describeUsage(usage)}
    </div>
  );
}

export function Site({ site }: { site: SiteProfile }) {
  return (
    <div>
      <div className={iconLine.line}>
        {icon(IconMapPin, 14)}
        <span className="medium truncate" title={site.site}>
          {site.site}
        </span>
        <SiteDocs site={site} />
      </div>
      {site.message && <p className={`${css.message} text-sm text-secondary`}>{site.message}</p>}
    </div>
  );
}
