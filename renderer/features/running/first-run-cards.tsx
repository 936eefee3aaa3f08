import { Button } from '@mantine/core';
import { IconAppWindow, IconCheck, IconPlayerPlay } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { stroke } from '../../components/icons.tsx';
import { ConnectionBadge } from '../../components/state-badge.tsx';
import surface from '../../components/surface.module.css';
import { ui } from '../../ui-store.ts';
import css from './first-run.module.css';

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

const connect = ({ cluster: { id, name } }: ClusterState) =>
  attempt(`${name} did not connect`, invoke('clusters.connect', { id }));

export function ClusterStep({ cluster }: { cluster: ClusterState | undefined }) {
  const state = cluster?.connection.state;
  const isConnected = state === 'connected';
  const isConnecting = state === 'connecting' || state === 'asking';
  return (
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
      <div className="row wrap">
        {cluster && !isConnected && (
          <Button className="grow" variant="filled" loading={isConnecting} onClick={() => connect(cluster)}>
            Connect
          </Button>
        )}
        <Button
          className="grow"
          variant={cluster ? 'default' : 'filled'}
          onClick={() => ui.open({ kind: 'cluster', id: null })}
        >
          {cluster?.cluster.demo ? 'Add your own' : 'Add a cluster'}
        </Button>
      </div>
    </StepCard>
  );
}

/** Launches at once what needs no answers; a recipe that does opens its form. */
function launchFirst(recipe: RecipeSummary | undefined, cluster: ClusterState | undefined): void {
  if (!recipe) {
    ui.go('recipes');
    return;
  }
  const needsAnswers = recipe.args.some((arg) => arg.required && arg.default === undefined);
  if (!cluster || needsAnswers) {
    ui.launch(recipe.name);
    return;
  }
  void attempt(
    `${recipe.title} was not launched`,
    invoke('instances.launch', { clusterId: cluster.cluster.id, recipe: recipe.name }),
  );
}

export function RecipeStep(props: { recipe: RecipeSummary | undefined; cluster: ClusterState | undefined }) {
  const { recipe, cluster } = props;
  return (
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
        onClick={() => launchFirst(recipe, cluster)}
      >
        <span className="truncate">
          {recipe ? `Launch ${recipe.title}` : 'See recipes'}
          {recipe && cluster && <span className="wide-only"> on {cluster.cluster.name}</span>}
        </span>
      </Button>
    </StepCard>
  );
}

export function ViewStep() {
  return (
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
  );
}
