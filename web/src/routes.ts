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
import { type ComponentType, createElement, type LazyExoticComponent, lazy } from 'react'
import type { Scope } from '../../src/wire/index.ts'
import { toProblem } from './api/problem.ts'
import type { Messages } from './language/en.ts'
import { Unfetched } from './parts/unfetched.tsx'

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

/** A view whose file does not come is one that the server did not answer for. */
function view(load: () => Promise<ComponentType>): View['component'] {
  return lazy(() =>
    load().then(
      (component) => ({ default: component }),
      (thrown) => ({ default: () => createElement(Unfetched, { problem: toProblem(thrown) }) }),
    ),
  )
}

export const views: readonly View[] = [
  {
    name: 'overview',
    pattern: '/',
    href: '/',
    icon: IconGauge,
    scope: 'read',
    component: view(async () => (await import('./overview/overview-view.tsx')).OverviewView),
  },
  {
    name: 'contacts',
    pattern: '/contacts/:subject?',
    href: '/contacts',
    icon: IconAddressBook,
    scope: 'read',
    component: view(async () => (await import('./contacts/contacts-view.tsx')).ContactsView),
  },
  {
    name: 'failures',
    pattern: '/failures',
    href: '/failures',
    icon: IconAlertTriangle,
    scope: 'read',
    component: view(async () => (await import('./failures/failures-view.tsx')).FailuresView),
  },
  {
    name: 'mapping',
    pattern: '/mapping',
    href: '/mapping',
    icon: IconArrowsExchange,
    scope: 'read',
    component: view(async () => (await import('./mapping/mapping-view.tsx')).MappingView),
  },
  {
    name: 'reports',
    pattern: '/reports/:report?',
    href: '/reports',
    icon: IconChartBar,
    scope: 'read',
    component: view(async () => (await import('./reports/reports-view.tsx')).ReportsView),
  },
  {
    name: 'connect',
    pattern: '/connect/:step?',
    href: '/connect',
    icon: IconPlugConnected,
    scope: 'admin',
    component: view(async () => (await import('./connect/connect-view.tsx')).ConnectView),
  },
  {
    name: 'settings',
    pattern: '/settings/:part?',
    href: '/settings',
    icon: IconSettings,
    scope: 'read',
    component: view(async () => (await import('./settings/settings-view.tsx')).SettingsView),
  },
]
