/** The views: where each is, how the menu shows it, and what loads it. A new view is a line here and its words in the catalogues. */
import {
  IconAddressBook,
  IconAlertTriangle,
  IconArrowsExchange,
  IconChartBar,
  IconGauge,
  IconPlugConnected,
  IconSettings,
  type TablerIcon,
} from '@tabler/icons-react'
import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import type { Scope } from '../../src/wire/index.ts'
import type { Messages } from './language/en.ts'

export type View = {
  readonly name: keyof Messages['frame']['views']
  /** For wouter; what is below belongs to the view. */
  readonly pattern: string
  readonly href: string
  readonly icon: TablerIcon
  /** What a session must be allowed to see the view at all. */
  readonly scope: Scope
  readonly component: LazyExoticComponent<ComponentType>
}

export const views: readonly View[] = [
  {
    name: 'overview',
    pattern: '/',
    href: '/',
    icon: IconGauge,
    scope: 'read',
    component: lazy(async () => ({ default: (await import('./overview/overview-view.tsx')).OverviewView })),
  },
  {
    name: 'contacts',
    pattern: '/contacts/:subject?',
    href: '/contacts',
    icon: IconAddressBook,
    scope: 'read',
    component: lazy(async () => ({ default: (await import('./contacts/contacts-view.tsx')).ContactsView })),
  },
  {
    name: 'failures',
    pattern: '/failures',
    href: '/failures',
    icon: IconAlertTriangle,
    scope: 'read',
    component: lazy(async () => ({ default: (await import('./failures/failures-view.tsx')).FailuresView })),
  },
  {
    name: 'mapping',
    pattern: '/mapping',
    href: '/mapping',
    icon: IconArrowsExchange,
    scope: 'read',
    component: lazy(async () => ({ default: (await import('./mapping/mapping-view.tsx')).MappingView })),
  },
  {
    name: 'reports',
    pattern: '/reports/:report?',
    href: '/reports',
    icon: IconChartBar,
    scope: 'read',
    component: lazy(async () => ({ default: (await import('./reports/reports-view.tsx')).ReportsView })),
  },
  {
    name: 'connect',
    pattern: '/connect/:step?',
    href: '/connect',
    icon: IconPlugConnected,
    scope: 'admin',
    component: lazy(async () => ({ default: (await import('./connect/connect-view.tsx')).ConnectView })),
  },
  {
    name: 'settings',
    pattern: '/settings/:part?',
    href: '/settings',
    icon: IconSettings,
    scope: 'read',
    component: lazy(async () => ({ default: (await import('./settings/settings-view.tsx')).SettingsView })),
  },
]
