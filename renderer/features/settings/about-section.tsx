import { ownValue } from '../../../electron/shared/own-value.ts';
import { BrandMark } from '../../components/brand-mark.tsx';
import definitions from '../../components/definition-list.module.css';
import { Tile } from '../../components/tile.tsx';
import { useStore } from '../../store.ts';
import { SectionHead } from './section-head.tsx';
import css from './settings.module.css';

const versionLabels: Record<string, string> = {
  app: 'Tunel',
  tunel: 'Tunel',
  electron: 'Electron',
  chrome: 'Chromium',
  node: 'Node',
};

export function AboutSection() {
  const versions = useStore((state) => state.system.versions);
  return (
    <>
      <SectionHead title="About Tunel" />
      <div className={`${css.card} ${css.about}`}>
        <div className="row gap-12">
          <Tile>
            <BrandMark size={20} />
          </Tile>
          <div className="text-secondary">Apps that run on a cluster, on your desk</div>
        </div>
        <dl className={`${definitions.list} tabular`}>
          {Object.entries(versions).map(([name, version]) => (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{ownValue(versionLabels, name) ?? name}</dt>
              <dd>{version}</dd>
            </div>
          ))}
          <dt>Licence</dt>
          <dd>MIT</dd>
        </dl>
      </div>
    </>
  );
}
