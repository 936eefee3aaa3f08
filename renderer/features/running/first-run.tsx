import { Button } from '@mantine/core';
import { IconAppWindow, IconCheck, IconCircleDashed, IconKey, IconKeyboard, IconPlayerPlay } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { stepNames } from '../../../electron/shared/instances.ts';
import { actions, attempt } from '../../actions.ts';
import { ConnectionBadge, Kbd, Mark, modKey, stroke } from '../../components/parts.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { stepWords } from '../../words/instance.ts';
import { count } from '../../words/size.ts';

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
    <section className={`card ${props.current ? 'cur' : ''} ${props.done ? 'done' : ''}`}>
      <div className="row" style={{ marginBlockEnd: 12 }}>
        <span className="num1">{props.done ? <IconCheck size={16} stroke={2} aria-label="done" /> : props.number}</span>
        <span className="end" />
        {props.badge}
      </div>
      <h2>{props.title}</h2>
      <p className="grow">{props.text}</p>
      {props.children}
    </section>
  );
}

/** Before the first launch: what to do, in order, each step with its state as it is now. */
export function FirstRun() {
  const clusters = useStore((state) => state.clusters);
  const recipes = useStore((state) => state.recipes.list);
  const hosts = useStore((state) => state.system.sshConfigHosts);
  const cluster = clusters.find((entry) => entry.connection.state === 'connected') ?? clusters[0];
  const recipe = recipes.find((entry) => /(^|\/)hello$/.test(entry.name)) ?? recipes[0];
  const demo = clusters.find((entry) => entry.cluster.demo);
  const direct = recipe && cluster && !recipe.args.some((arg) => arg.required && arg.default === undefined);
  const launch = () => {
    if (!recipe) return ui.go('recipes');
    if (!direct) return ui.launch(recipe.name);
    void attempt(
      `${recipe.title} was not launched`,
      actions.launch({ clusterId: cluster.cluster.id, recipe: recipe.name }),
    );
  };
  return (
    <div className="first">
      <div className="row g4 top">
        <span className="tile lg">
          <Mark size={24} />
        </span>
        <div>
          <h2 style={{ fontSize: 20, lineHeight: '28px' }}>Apps that run on a cluster, on your desk</h2>
          <p className="dim" style={{ fontSize: 14, lineHeight: '22px', maxInlineSize: 540 }}>
            {demo
              ? 'Try the whole path now on the demo cluster: it runs on this computer and needs no account.'
              : 'Add a cluster you can log in to with ssh, pick an app, and work in it here.'}
          </p>
        </div>
      </div>
      <div className="step3">
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
      <section className="card" style={{ padding: '12px 16px 16px' }}>
        <div className="s">
          <strong className="b">What you will see on the way</strong>{' '}
          <span className="dimmer">each step with its time; any of them can be cancelled</span>
        </div>
        <ol className="steps">
          {stepNames
            .filter((name) => name !== 'image')
            .map((name) => (
              <li key={name}>
                <span className="dot">
                  <IconCircleDashed size={18} stroke={stroke} aria-hidden />
                </span>
                <span className="lb cut dim">{stepWords[name]}</span>
                <span className="tm cut">{stepHelp[name]}</span>
              </li>
            ))}
        </ol>
      </section>
      <div className="row first-foot s dimmer wrap">
        {hosts > 0 && (
          <>
            <IconKey size={14} stroke={stroke} aria-hidden />
            {count(hosts, 'host')} found in your SSH config:
            <button type="button" className="link" onClick={() => ui.open({ kind: 'cluster', id: null })}>
              add one
            </button>
          </>
        )}
        <IconKeyboard size={14} stroke={stroke} aria-hidden />
        <span className="row g1">
          <Kbd keys={`${modKey()} K`} />
        </span>
        finds everything
      </div>
    </div>
  );
}
