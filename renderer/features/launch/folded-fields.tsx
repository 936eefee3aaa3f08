import { Accordion } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconBox,
  IconCoins,
  IconPackage,
  IconPlayerPlay,
  type TablerIcon,
} from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { launcherLabels, runtimeLabels } from '../../../electron/shared/launcher-features.ts';
import form from '../../components/form-grid.module.css';
import { stroke } from '../../components/icons.tsx';
import { experimentalLabel, isExperimental } from '../../text/launcher.ts';
import { count } from '../../text/size.ts';
import css from './folded-fields.module.css';
import { effectiveLauncher } from './launch-values.ts';
import { NodesField } from './resource-fields.tsx';
import { LauncherField, RuntimeFields } from './run-fields.tsx';
import { AccountFields, EnvironmentLines, ModulesField, SchedulerOptions, schedulerOf } from './what-fields.tsx';
import type { PlaceProps } from './where-fields.tsx';

interface Group {
  name: string;
  title: string;
  icon: TablerIcon;
  /** What its fields hold now, for its closed line. */
  summary: string;
  /** Its fields: a mistake in one of them opens it. */
  fields: readonly string[];
  content: ReactNode;
}

const list = (...parts: (string | false | undefined)[]): string => parts.filter(Boolean).join(', ');

/** A choice is worth showing where the recipe has a container, or an image can be given on a cluster that runs them. */
const hasRuntimes = ({ recipe, cluster }: PlaceProps): boolean =>
  recipe.image !== '' || (cluster?.facts?.runtimes.length ?? 0) > 0;

function describeContainer({ recipe, values }: PlaceProps): string {
  if (values.runtime === 'native') return 'none';
  const runtime = values.runtime === '' ? 'automatic' : runtimeLabels[values.runtime];
  return list(runtime, values.image || (values.runtime !== '' && recipe.image));
}

function describeRun({ recipe, cluster, values }: PlaceProps): string {
  const launcher = effectiveLauncher(values, recipe, cluster);
  if (launcher === null) return 'no launcher that works here';
  const title = launcher === 'login' ? 'on the login node' : `${launcherLabels[launcher]} job`;
  return list(title, isExperimental(launcher) && experimentalLabel, (values.nodes ?? 1) > 1 && `${values.nodes} nodes`);
}

/** The account that a launch is charged to, and the software around it. */
function softwareGroups(props: PlaceProps): Group[] {
  const { cluster, values } = props;
  const scheduler = schedulerOf(props);
  const always = cluster?.cluster.defaults.modules ?? [];
  const modules = [...new Set([...always, ...values.modules])];
  return [
    ...(scheduler
      ? [
          {
            name: 'account',
            title: 'Account',
            icon: IconCoins,
            summary: list(values.account, values.qos && `QoS ${values.qos}`) || 'the cluster’s default',
            fields: ['account', 'qos'],
            content: <AccountFields {...props} />,
          },
        ]
      : []),
    {
      name: 'software',
      title: 'Software',
      icon: IconPackage,
      summary: modules.length > 0 ? modules.join(', ') : 'no modules',
      fields: ['modules'],
      content: <ModulesField {...props} />,
    },
    ...(hasRuntimes(props)
      ? [
          {
            name: 'container',
            title: 'Container',
            icon: IconBox,
            summary: describeContainer(props),
            fields: ['runtime', 'image'],
            content: <RuntimeFields {...props} />,
          },
        ]
      : []),
  ];
}

function groupsOf(props: PlaceProps): Group[] {
  const { values } = props;
  return [
    ...softwareGroups(props),
    {
      name: 'run',
      title: 'How it runs',
      icon: IconPlayerPlay,
      summary: describeRun(props),
      fields: ['launcher', 'nodes'],
      content: (
        <>
          <LauncherField {...props} />
          <NodesField {...props} />
        </>
      ),
    },
    {
      name: 'more',
      title: 'More',
      icon: IconAdjustmentsHorizontal,
      summary: list(
        values.options.length > 0 ? count(values.options.length, 'scheduler option') : 'scheduler options',
        'environment',
      ),
      fields: ['options'],
      content: (
        <>
          <SchedulerOptions {...props} />
          <EnvironmentLines {...props} />
        </>
      ),
    },
  ];
}

/** Groups that hold something unusual as the form opens. */
function opensWith({ values, recipe, cluster }: PlaceProps): string[] {
  const launcher = effectiveLauncher(values, recipe, cluster);
  return [
    values.options.length > 0 && 'more',
    values.qos !== '' && 'account',
    launcher !== null && isExperimental(launcher) && 'run',
  ].filter((name) => name !== false);
}

/** What is seldom changed: each group is one line that says what it holds, and opens where a mistake is shown. */
export function FoldedFields(props: PlaceProps) {
  const [opened, setOpened] = useState<string[]>(() => opensWith(props));
  const groups = groupsOf(props);
  const wrong = groups.filter(({ fields }) => fields.some((field) => props.errorOf(field) !== undefined));
  const open = [...new Set([...opened, ...wrong.map(({ name }) => name)])];
  return (
    <Accordion
      multiple
      chevronPosition="left"
      order={2}
      mt={16}
      className={css.groups}
      // A field that takes the focus must be there at once.
      transitionDuration={0}
      value={open}
      onChange={setOpened}
    >
      {groups.map(({ name, title, icon: Icon, summary, content }) => (
        <Accordion.Item key={name} value={name}>
          <Accordion.Control>
            <span className="row">
              <Icon size={16} stroke={stroke} aria-hidden className="no-shrink" />
              <span className="medium no-shrink">{title}</span>
              <span className="text-tertiary truncate" title={summary}>
                {summary}
              </span>
            </span>
          </Accordion.Control>
          <Accordion.Panel>
            <div className={form.grid}>{content}</div>
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}
