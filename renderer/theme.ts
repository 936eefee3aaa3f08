import {
  ActionIcon,
  Alert,
  Button,
  Checkbox,
  type CSSVariablesResolver,
  createTheme,
  Input,
  Menu,
  Modal,
  NumberInput,
  Popover,
  SegmentedControl,
  Select,
  Switch,
  Tooltip,
} from '@mantine/core';
import { dark, light } from './tokens.ts';

const motion = { duration: 120, timingFunction: 'cubic-bezier(.2,0,0,1)' };

/** Mantine's own variables, spoken in tokens, so that both schemes follow one table. */
const mantine = {
  '--mantine-color-body': 'var(--canvas)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-3)',
  '--mantine-color-placeholder': 'var(--ink-3)',
  '--mantine-color-anchor': 'var(--accent-ink)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--inset)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line-soft)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
  '--mantine-color-accent-filled': 'var(--accent)',
  '--mantine-color-accent-filled-hover': 'var(--accent-hover)',
  '--mantine-color-accent-light': 'var(--accent-soft)',
  '--mantine-color-accent-light-color': 'var(--accent-ink)',
  '--mantine-color-disabled': 'var(--off-soft)',
  '--mantine-color-disabled-color': 'var(--ink-3)',
} as const;

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...light, ...mantine },
  dark: { ...dark, ...mantine },
});

export const theme = createTheme({
  fontFamily: '"Inter Variable", Inter, system-ui, sans-serif',
  fontFamilyMonospace: '"JetBrains Mono Variable", "JetBrains Mono", ui-monospace, monospace',
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '14px', xl: '16px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  defaultRadius: 6,
  primaryColor: 'accent',
  primaryShade: 6,
  colors: {
    // What Mantine itself paints in the dark theme, in the hue of the tokens.
    dark: [
      '#e8ebf1',
      '#b5bccb',
      '#929cae',
      '#6b7487',
      '#3a4252',
      '#252c39',
      '#1d2330',
      '#171b23',
      '#11151c',
      '#0b0e13',
    ],
    accent: [
      '#eceefc',
      '#dde0f9',
      '#c5caf4',
      '#a3abec',
      '#7a86f2',
      '#5864dc',
      '#4450c8',
      '#3a45b8',
      '#363fa8',
      '#2b338a',
    ],
  },
  focusRing: 'auto',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: Button.extend({
      defaultProps: { size: 'sm', variant: 'default' },
      vars: (_theme, props) => ({
        root: {
          '--button-height': props.size === 'xs' ? '26px' : '32px',
          '--button-padding-x': props.size === 'xs' ? '9px' : '12px',
          '--button-fz': props.size === 'xs' ? '12px' : '13px',
        },
      }),
    }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 32 } }),
    Input: Input.extend({
      vars: (_theme, props) => ({
        wrapper: {
          '--input-height': props.size === 'xs' ? '26px' : '32px',
          '--input-fz': props.size === 'xs' ? '12px' : '13px',
          '--input-padding-y': '5px',
          '--input-bg': 'var(--surface)',
          '--input-color': 'var(--ink)',
          '--input-placeholder-color': 'var(--ink-3)',
          '--input-bd': props.error ? 'var(--bad)' : 'var(--line-ctl)',
          '--input-section-color': 'var(--ink-3)',
        },
      }),
    }),
    Select: Select.extend({ defaultProps: { checkIconPosition: 'right', allowDeselect: false, comboboxProps: {} } }),
    // Its arrows are smaller than what can be hit; the arrow keys do the same.
    NumberInput: NumberInput.extend({ defaultProps: { hideControls: true } }),
    Switch: Switch.extend({ defaultProps: { withThumbIndicator: false } }),
    Checkbox: Checkbox.extend({ defaultProps: { size: 'xs' } }),
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        radius: 14,
        padding: 0,
        withCloseButton: false,
        overlayProps: { color: 'transparent', backgroundOpacity: 1 },
        transitionProps: { transition: 'fade', duration: 160 },
      },
    }),
    Menu: Menu.extend({
      defaultProps: {
        position: 'bottom-end',
        radius: 10,
        width: 264,
        transitionProps: motion,
        withinPortal: true,
        // A menu owns entries only, and begins with its first one.
        withInitialFocusPlaceholder: false,
      },
    }),
    Popover: Popover.extend({ defaultProps: { radius: 10, transitionProps: motion } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, transitionProps: motion, withinPortal: true } }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { size: 'xs', withItemsBorders: false } }),
    Alert: Alert.extend({ defaultProps: { variant: 'light' } }),
  },
});
