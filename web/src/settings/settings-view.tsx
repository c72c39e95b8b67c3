/** What can be set from here, as far as the session may. */
import { Stack, Tabs } from '@mantine/core'
import type { ComponentType } from 'react'
import { useLocation, useParams } from 'wouter'
import type { Scope } from '../../../src/wire/index.ts'
import { mayDo } from '../api/session.ts'
import { useSession } from '../frame/session-context.ts'
import type { Messages } from '../language/en.ts'
import { useWords } from '../language/use-words.ts'
import { ViewHead } from '../parts/view-head.tsx'
import { ConnectorsPart } from './connectors-part.tsx'
import { KeysPart } from './keys-part.tsx'
import { PreferencesPart } from './preferences-part.tsx'
import { PrivacyPart } from './privacy-part.tsx'
import { WebhooksPart } from './webhooks-part.tsx'

type Part = {
  readonly name: keyof Messages['settings']['parts']
  readonly scope: Scope
  /** Not for a session of one connection only. */
  readonly ofInstallation?: boolean
  readonly component: ComponentType
}

const PARTS: readonly Part[] = [
  { name: 'connectors', scope: 'read', component: ConnectorsPart },
  { name: 'webhooks', scope: 'read', component: WebhooksPart },
  { name: 'keys', scope: 'admin', ofInstallation: true, component: KeysPart },
  { name: 'privacy', scope: 'admin', component: PrivacyPart },
  { name: 'preferences', scope: 'read', component: PreferencesPart },
]

export function SettingsView() {
  const { t } = useWords()
  const session = useSession()
  const { part } = useParams<{ part?: string }>()
  const [, go] = useLocation()
  const allowed = PARTS.filter(
    ({ scope, ofInstallation }) => mayDo(session, scope) && !(ofInstallation && session.connection !== null),
  )
  const shown = allowed.find(({ name }) => name === part) ?? allowed[0]
  return (
    <>
      <ViewHead title={t('settings.title')} />
      <Tabs
        value={shown?.name ?? null}
        onChange={(name) => go(`/settings/${name ?? ''}`)}
        keepMounted={false}
      >
        <Tabs.List mb="lg">
          {allowed.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {t(`settings.parts.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {allowed.map(({ name, component: Part }) => (
          <Tabs.Panel key={name} value={name}>
            <Stack gap="lg" maw={920}>
              <Part />
            </Stack>
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  )
}
