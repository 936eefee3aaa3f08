import { IconCircleDashed, IconKeyboard } from '@tabler/icons-react';
import { stepNames } from '../../../electron/shared/instances.ts';
import { BrandMark } from '../../components/brand-mark.tsx';
import { stroke } from '../../components/icons.tsx';
import { Kbd, modKey } from '../../components/kbd.tsx';
import steps from '../../components/steps.module.css';
import surface from '../../components/surface.module.css';
import { Tile } from '../../components/tile.tsx';
import { usePreferredCluster } from '../../preferred-cluster.ts';
import { useStore } from '../../store.ts';
import { stepLabels } from '../../text/instance.ts';
import css from './first-run.module.css';
import { ClusterStep, RecipeStep, ViewStep } from './first-run-cards.tsx';
import { FoundHosts } from './found-hosts.tsx';

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
  return (
    <div className={`${css.foot} row text-sm text-tertiary wrap`}>
      <IconKeyboard size={14} stroke={stroke} aria-hidden />
      <span className="row gap-4">
        <Kbd keys={`${modKey()} K`} />
      </span>
      finds everything
    </div>
  );
}

function Introduction({ hasDemo }: { hasDemo: boolean }) {
  return (
    <div className="row gap-16 align-start">
      <Tile size="large">
        <BrandMark size={24} />
      </Tile>
      <div>
        <h2 style={{ fontSize: 20, lineHeight: '28px' }}>Apps that run on a cluster, on your desk</h2>
        <p className="text-secondary" style={{ fontSize: 14, lineHeight: '22px', maxInlineSize: 540 }}>
          {hasDemo
            ? 'Try the whole path now on the demo cluster: it runs on this computer and needs no account.'
            : 'Add a cluster you can log in to with ssh, pick an app, and work in it here.'}
        </p>
      </div>
    </div>
  );
}

/** Before the first launch: what to do, in order, each step with its state as it is now. */
export function FirstRun() {
  const clusters = useStore((state) => state.clusters);
  const recipes = useStore((state) => state.recipes.list);
  const preferred = usePreferredCluster();
  const cluster = clusters.find((entry) => entry.cluster.id === preferred);
  const recipe = recipes.find((entry) => /(^|\/)hello$/.test(entry.name)) ?? recipes[0];
  return (
    <div className={css.page}>
      <Introduction hasDemo={clusters.some((entry) => entry.cluster.demo)} />
      <div className={css.cards}>
        <ClusterStep cluster={cluster} />
        <RecipeStep recipe={recipe} cluster={cluster} />
        <ViewStep />
      </div>
      <FoundHosts />
      <StepsPreview />
      <Foot />
    </div>
  );
}
