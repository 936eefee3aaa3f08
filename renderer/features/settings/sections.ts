import {
  IconAdjustmentsHorizontal,
  IconBook2,
  IconDatabase,
  IconInfoCircle,
  IconKey,
  IconKeyboard,
  IconListSearch,
  IconPlug,
  type TablerIcon,
} from '@tabler/icons-react';
import type { SettingsSection } from '../../ui-store.ts';

export const sectionLooks: Readonly<Record<SettingsSection, { title: string; icon: TablerIcon }>> = {
  general: { title: 'General', icon: IconAdjustmentsHorizontal },
  keyboard: { title: 'Keyboard', icon: IconKeyboard },
  recipes: { title: 'Recipes', icon: IconBook2 },
  passwords: { title: 'Passwords', icon: IconKey },
  storage: { title: 'Storage and logs', icon: IconDatabase },
  api: { title: 'API and tokens', icon: IconPlug },
  audit: { title: 'Audit log', icon: IconListSearch },
  about: { title: 'About', icon: IconInfoCircle },
};
