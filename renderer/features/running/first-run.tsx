import { Button } from '@mantine/core';
import { IconAppWindow, IconCheck, IconCircleDashed, IconKey, IconKeyboard, IconPlayerPlay } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { stepNames } from '../../../electron/shared/instances.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { BrandMark } from '../../components/brand-mark.tsx';
import { stroke } from '../../components/icons.tsx';
import { Kbd, modKey } from '../../components/kbd.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { ConnectionBadge } from '../../components/state-badge.tsx';
import steps from '../../components/steps.module.css';
import surface from '../../components/surface.module.css';
import { Tile } from '../../components/tile.tsx';
import { useStore } from '../../store.ts';
import { stepLabels } from '../../text/instance.ts';
import { count } from '../../text/size.ts';
import { ui } from '../../ui-store.ts';
import css from './first-run.module.css';

const stepHelp: Record<(typeof stepNames)[number], string> = {
  connect: 'log in',
  upload: 'script',
  image: 'its container',
  submit: 'to scheduler',
  queue: 'for a place',
  start: 'on a node',
  tunnel: 'private route',
  ready: 'in the view',
};

function StepCard(props: {
  number: number;
  current: boolean;
  done?: boolean;
  title: string;
  text: string;
  badge?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section
      className={[`${surface.card} ${css.card}`, props.current && css.current, props.done && css.done]
        .filter(Boolean)
        .join(' ')}
    >
      <div className="row" style={{ marginBlockEnd: 12 }}>
        <span className={css.number}>
          {props.done ? <IconCheck size={16} stroke={2} aria-label="done" /> : props.number}
        </span>
        <span className="push-end" />
        {props.badge}
      </div>
      <h2>{props.title}</h2>
      <p className="grow">{props.text}</p>
      {props.children}
    </section>
  );
}

function StepsPreview() {
  return (
    <section className={`${surface.card} ${css.preview}`}>
      <div className="text-sm">
        <strong className="bold">Steps of a launch</strong>{' '}
        <span className="text-tertiary">each step with its time; any of them can be cancelled</span>
      </div>
      <ol className={steps.steps}>
        {stepNames
          .filter((name) => name !== 'image')
          .map((name) => (
            <li key={name} className={steps.step}>
              <span className={steps.icon}>
                <IconCircleDashed size={18} stroke={stroke} aria-hidden />
              </span>
              <span className={`${steps.label} truncate text-secondary`}>{stepLabels[name]}</span>
              <span className={`${steps.time} truncate`}>{stepHelp[name]}</span>
            </li>
          ))}
      </ol>
    </section>
  );
}

function Foot() {
  const hosts = useStore((state) => state.system.sshConfigHosts);
  return (
    <div className={`${css.foot} row text-sm text-tertiary wrap`}>
      {hosts > 0 && (
        <>
          <IconKey size={14} stroke={stroke} aria-hidden />
          {count(hosts, 'host')} found in your SSH config:
          <LinkButton onClick={() => ui.open({ kind: 'cluster', id: null })}>add one</LinkButton>
        </>
      )}
      <IconKeyboard size={14} stroke={stroke} aria-hidden />
      <span className="row gap-4">
        <Kbd keys={`${modKey()} K`} />
      </span>
      finds everything
    </div>
  );
}

/** Before the first launch: what to do, in order, each step with its state as it is now. */
export function FirstRun() {
  const clusters = useStore((state) => state.clusters);
  const recipes = useStore((state) => state.recipes.list);
  const cluster = clusters.find((entry) => entry.connection.state === 'connected') ?? clusters[0];
  const recipe = recipes.find((entry) => /(^|\/)hello$/.test(entry.name)) ?? recipes[0];
  const demo = clusters.find((entry) => entry.cluster.demo);
  const direct = recipe && cluster && !recipe.args.some((arg) => arg.required && arg.default === undefined);
  const launch = () => {
    if (!recipe) return ui.go('recipes');
    if (!direct) return ui.launch(recipe.name);
    void attempt(
      `${recipe.title} was not launched`,
      invoke('instances.launch', { clusterId: cluster.cluster.id, recipe: recipe.name }),
    );
  };
  return (
    <div className={css.page}>
      <div className="row gap-16 align-start">
        <Tile size="large">
          <BrandMark size={24} />
        </Tile>
        <div>
          <h2 style={{ fontSize: 20, lineHeight: '28px' }}>Apps that run on a cluster, on your desk</h2>
          <p className="text-secondary" style={{ fontSize: 14, lineHeight: '22px', maxInlineSize: 540 }}>
            {demo
              ? 'Try the whole path now on the demo cluster: it runs on this computer and needs no account.'
              : 'Add a cluster you can log in to with ssh, pick an app, and work in it here.'}
          </p>
        </div>
      </div>
      <div className={css.cards}>
        <StepCard
          number={1}
          current={!cluster}
          done={cluster !== undefined}
          title="Have a cluster"
          text={
            cluster?.cluster.demo
              ? 'The demo cluster is here: an SSH server on this computer, for you only.'
              : cluster
                ? `${cluster.cluster.name} is saved. Tunel connects when it is used.`
                : 'A place to run things: its login node, your user name, how you sign in.'
          }
          badge={cluster && <ConnectionBadge state={cluster.connection.state} />}
        >
          <Button
            fullWidth
            variant={cluster ? 'default' : 'filled'}
            onClick={() => ui.open({ kind: 'cluster', id: null })}
          >
            {cluster ? 'Add your own' : 'Add a cluster'}
          </Button>
        </StepCard>
        <StepCard
          number={2}
          current={cluster !== undefined}
          title="Launch a recipe"
          text={recipe ? recipe.description : 'No recipe was found. Look at the recipes page for why.'}
        >
          <Button
            fullWidth
            variant={cluster ? 'filled' : 'default'}
            disabled={!cluster}
            leftSection={<IconPlayerPlay size={16} stroke={stroke} aria-hidden />}
            onClick={launch}
          >
            {recipe ? `Launch ${recipe.title}` : 'See recipes'}
          </Button>
        </StepCard>
        <StepCard
          number={3}
          current={false}
          title="Work in its view"
          text="When the tunnel is up the app opens here, in a view only you can reach."
        >
          <Button fullWidth disabled leftSection={<IconAppWindow size={16} stroke={stroke} aria-hidden />}>
            Open
          </Button>
        </StepCard>
      </div>
      <StepsPreview />
      <Foot />
    </div>
  );
}
