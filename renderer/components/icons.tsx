import {
  IconActivity,
  IconAlertOctagon,
  IconAlertTriangle,
  IconApps,
  IconBook2,
  IconBrandDjango,
  IconBrandPython,
  IconChartBar,
  IconChartDots3,
  IconChartHistogram,
  IconCircleCheck,
  IconCircleDot,
  IconCircleX,
  IconCode,
  IconDatabase,
  IconDeviceDesktop,
  IconFlask,
  IconFolder,
  IconHandStop,
  IconHelpCircle,
  IconHourglass,
  IconKey,
  IconLetterR,
  IconLoader2,
  IconMath,
  IconNotebook,
  IconNotes,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconPlug,
  IconPlugConnected,
  IconRefresh,
  IconRocket,
  IconServer2,
  IconShieldX,
  IconStack2,
  IconTerminal2,
  IconTopologyStar3,
  IconTrendingUp,
  IconWifiOff,
  IconWorld,
  type TablerIcon,
} from '@tabler/icons-react';
import type { ConnectionState } from '../../electron/shared/clusters.ts';
import type { InstanceState } from '../../electron/shared/instances.ts';
import type { JobLabel } from '../text/batch-job.ts';

/** The width of every icon's lines. */
export const stroke = 1.75;

export type Tone = 'ok' | 'wait' | 'go' | 'bad' | 'off';

export const instanceLook: Record<InstanceState, { icon: TablerIcon; tone: Tone; spins?: boolean }> = {
  starting: { icon: IconLoader2, tone: 'go', spins: true },
  waiting: { icon: IconHourglass, tone: 'wait' },
  ready: { icon: IconCircleCheck, tone: 'ok' },
  running: { icon: IconActivity, tone: 'ok' },
  reconnecting: { icon: IconRefresh, tone: 'wait' },
  stopping: { icon: IconPlayerStop, tone: 'off' },
  interrupted: { icon: IconPlayerPause, tone: 'wait' },
  ended: { icon: IconCircleDot, tone: 'off' },
  failed: { icon: IconAlertOctagon, tone: 'bad' },
};

/** Of a batch job that came to its end. */
export const doneLook: { icon: TablerIcon; tone: Tone } = { icon: IconCircleCheck, tone: 'ok' };

export const jobLook: Record<JobLabel['look'], { icon: TablerIcon; tone: Tone; spins?: boolean }> = {
  new: { icon: IconPencil, tone: 'off' },
  submitting: { icon: IconLoader2, tone: 'go', spins: true },
  queued: { icon: IconHourglass, tone: 'wait' },
  held: { icon: IconPlayerPause, tone: 'wait' },
  active: { icon: IconPlayerPlay, tone: 'go' },
  completed: { icon: IconCircleCheck, tone: 'ok' },
  'partly-failed': { icon: IconAlertTriangle, tone: 'wait' },
  failed: { icon: IconAlertOctagon, tone: 'bad' },
  canceled: { icon: IconCircleX, tone: 'off' },
  unknown: { icon: IconHelpCircle, tone: 'off' },
};

export const connectionLook: Record<ConnectionState, { icon: TablerIcon; tone: Tone; spins?: boolean }> = {
  disconnected: { icon: IconPlug, tone: 'off' },
  connecting: { icon: IconLoader2, tone: 'go', spins: true },
  asking: { icon: IconLoader2, tone: 'go', spins: true },
  connected: { icon: IconPlugConnected, tone: 'ok' },
  reconnecting: { icon: IconRefresh, tone: 'wait' },
  'sign-in-needed': { icon: IconKey, tone: 'wait' },
  unreachable: { icon: IconWifiOff, tone: 'bad' },
  'key-changed': { icon: IconShieldX, tone: 'bad' },
};

/** Names a recipe's `icon` field may use. */
const recipeIcons: Record<string, TablerIcon> = {
  activity: IconActivity,
  app: IconApps,
  book: IconBook2,
  chart: IconChartDots3,
  'chart-bar': IconChartBar,
  'chart-histogram': IconChartHistogram,
  code: IconCode,
  database: IconDatabase,
  desktop: IconDeviceDesktop,
  django: IconBrandDjango,
  flask: IconFlask,
  folder: IconFolder,
  hand: IconHandStop,
  hello: IconHandStop,
  math: IconMath,
  notebook: IconNotebook,
  notes: IconNotes,
  jupyter: IconNotebook,
  'letter-r': IconLetterR,
  network: IconTopologyStar3,
  stack: IconStack2,
  trend: IconTrendingUp,
  python: IconBrandPython,
  rocket: IconRocket,
  server: IconServer2,
  terminal: IconTerminal2,
  world: IconWorld,
  globe: IconWorld,
};

export function RecipeIcon({ name, size = 20 }: { name: string; size?: number }) {
  // What an app gave as its own picture, as data: shown as an image, so that nothing in it can run.
  if (name.startsWith('data:image/')) return <img src={name} width={size} height={size} alt="" />;
  const Shown = Object.hasOwn(recipeIcons, name) ? (recipeIcons[name] ?? IconApps) : IconApps;
  return <Shown size={size} stroke={stroke} aria-hidden />;
}
