import { type ComponentType, lazy, Suspense } from 'react';
import type { FormatProps } from './format-props.ts';
import type { Format } from './preview-model.ts';
import { Reading } from './reading.tsx';

const views: Record<Format, ComponentType<FormatProps>> = {
  hdf5: lazy(() => import('./hdf5/data-view.tsx')),
  html: lazy(() => import('./isolated/html-view.tsx')),
  notebook: lazy(() => import('./notebook/notebook-view.tsx')),
  parquet: lazy(() => import('./parquet/parquet-view.tsx')),
};

/** A file in the view of its format, which is loaded when it is needed. */
export function FormatView({ format, ...props }: FormatProps & { format: Format }) {
  const View = views[format];
  return (
    <Suspense fallback={<Reading />}>
      <View {...props} />
    </Suspense>
  );
}
