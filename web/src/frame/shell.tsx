/** The frame around every view: what it is, where one can go, and whose data one looks at. */
import { AppShell, Burger, Group, NavLink, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Suspense, useEffect, useRef } from 'react'
import { Link, Route, Router, Switch, useLocation, useRoute } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { mayDo, type Session } from '../api/session.ts'
import { ConnectionContext } from '../api/use-operation.ts'
import { useWords } from '../language/use-words.ts'
import { Fallen } from '../parts/fallen.tsx'
import { ViewSkeleton } from '../parts/skeletons.tsx'
import { type View, views } from '../routes.ts'
import { ConnectionSwitch, useChosenConnection } from './connection-switch.tsx'
import { Logo } from './logo.tsx'
import { NothingHere } from './nothing-here.tsx'
import { OutOfDate } from './out-of-date.tsx'
import { PreferencesMenu } from './preferences-menu.tsx'
import { SessionContext } from './session-context.ts'
import { SessionFoot } from './session-foot.tsx'

const WIDE_PX = 220

export function Shell({ session }: { session: Session }) {
  const [connection, choose] = useChosenConnection(session)
  return (
    <SessionContext value={session}>
      <ConnectionContext value={connection}>
        <Router hook={useHashLocation}>
          <Frame session={session} onChoose={choose} />
        </Router>
      </ConnectionContext>
    </SessionContext>
  )
}

function Frame({ session, onChoose }: { session: Session; onChoose: (name: string) => void }) {
  const { t } = useWords()
  const [opened, { toggle, close }] = useDisclosure(false)
  const main = useRef<HTMLElement>(null)
  const [location] = useLocation()
  const allowed = views.filter(({ scope }) => mayDo(session, scope))
  // The menu lies over the view on a small screen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of the address that closes it
  useEffect(close, [location])
  return (
    <>
      <button type="button" className="page-skip" onClick={() => main.current?.focus()}>
        {t('frame.skip')}
      </button>
      <AppShell
        header={{ height: 56, collapsed: false }}
        navbar={{ width: WIDE_PX, breakpoint: 'sm', collapsed: { mobile: !opened } }}
        padding={{ base: 'md', sm: 'xl' }}
      >
        <AppShell.Header className="page-frame">
          <Group h="100%" px="md" justify="space-between" wrap="nowrap">
            <Group gap="sm" wrap="nowrap">
              <Burger
                opened={opened}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label={t(opened ? 'frame.closeMenu' : 'frame.openMenu')}
              />
              <Logo />
            </Group>
            <Group gap="xs" wrap="nowrap">
              <ConnectionSwitch onChoose={onChoose} />
              <PreferencesMenu />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar className="page-frame" p="sm">
          <Stack
            component="nav"
            gap={2}
            flex={1}
            style={{ overflowY: 'auto' }}
            aria-label={t('frame.navigation')}
          >
            {allowed.map((view) => (
              <ViewLink key={view.name} view={view} />
            ))}
          </Stack>
          <SessionFoot session={session} />
        </AppShell.Navbar>
        <AppShell.Main id="main" ref={main} tabIndex={-1}>
          <OutOfDate />
          <Fallen key={location.split('/')[1]}>
            <Suspense fallback={<ViewSkeleton />}>
              <Switch>
                {allowed.map(({ name, pattern, component }) => (
                  <Route key={name} path={pattern} component={component} />
                ))}
                <Route component={NothingHere} />
              </Switch>
            </Suspense>
          </Fallen>
        </AppShell.Main>
      </AppShell>
    </>
  )
}

function ViewLink({ view: { name, pattern, href, icon: Icon } }: { view: View }) {
  const { t } = useWords()
  const [active] = useRoute(pattern)
  return (
    <NavLink
      component={Link}
      href={href}
      className="page-nav"
      active={active}
      aria-current={active ? 'page' : undefined}
      label={<Text inherit>{t(`frame.views.${name}`)}</Text>}
      leftSection={<Icon size={18} stroke={1.7} aria-hidden />}
    />
  )
}
