const zoomSteps = [0.3, 0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5];

export type ZoomDirection = 'in' | 'out' | 'reset';

/** The next step from a zoom factor. */
export function nextZoom(factor: number, direction: ZoomDirection): number {
  if (direction === 'reset') return 1;
  return direction === 'in'
    ? (zoomSteps.find((step) => step > factor + 0.001) ?? factor)
    : (zoomSteps.findLast((step) => step < factor - 0.001) ?? factor);
}
