import { IconBuildingTunnel } from '@tabler/icons-react';
import { stroke } from './icons.tsx';

export function BrandMark({ size = 16 }: { size?: number }) {
  return <IconBuildingTunnel size={size} stroke={stroke} aria-hidden />;
}
