/** The smaller parts of a person's page. */
import { Anchor, Group, Stack, Text } from '@mantine/core'
import { Link } from 'wouter'
import { useCodeWords } from '../language/use-code-words.ts'
import { useWords } from '../language/use-words.ts'
import { Panel } from '../parts/panel.tsx'
import { ScrolledTable } from '../parts/scrolled-table.tsx'
import { ServerWords } from '../parts/server-words.tsx'
import { StateLabel } from '../parts/state-label.tsx'
import { Td } from '../parts/td.tsx'
import { toReason } from './list-reason.ts'
import type { Person } from './person-page.tsx'
import { valueText } from './value-text.ts'

export function Lists({ lists }: { lists: Person['lists'] }) {
  const { t, lookUp } = useWords()
  const title = t('contacts.lists')
  const reasonText = (because: string): string => {
    const { key, values } = toReason(because)
    return lookUp(key, values) ?? because
  }
  return (
    <Panel title={title}>
      {lists.length === 0 ? (
        <Text c="dimmed">{t('contacts.noLists')}</Text>
      ) : (
        <ScrolledTable
          label={title}
          head={[t('contacts.list.name'), t('contacts.list.member'), t('contacts.list.because')]}
        >
          {lists.map((list) => (
            <tr key={list.listId}>
              <Td fw={550}>{list.name ?? t('contacts.list.id', { id: list.listId })}</Td>
              <Td>
                <Membership list={list} />
              </Td>
              <Td>{list.because.map(reasonText).join(', ') || t('frame.none')}</Td>
            </tr>
          ))}
        </ScrolledTable>
      )}
    </Panel>
  )
}

function Membership({ list: { member, ours, because } }: { list: Person['lists'][number] }) {
  const { t } = useWords()
  const wanted = because.length > 0
  if (member && ours && !wanted) return <StateLabel tone="warn">{t('contacts.list.toRemove')}</StateLabel>
  if (member)
    return <StateLabel tone="good">{t(ours ? 'contacts.list.byTajo' : 'contacts.list.byOthers')}</StateLabel>
  return (
    <StateLabel tone={wanted ? 'busy' : 'none'}>
      {t(wanted ? 'contacts.list.toAdd' : 'contacts.list.notMember')}
    </StateLabel>
  )
}

export function Consent({ consent }: { consent: Person['consent'] }) {
  const { t } = useWords()
  const rows = [
    ['email', consent.emailBlocked],
    ['sms', consent.smsBlocked],
  ] as const
  return (
    <Panel title={t('contacts.consent')} note={t('contacts.consentNever')}>
      <Stack gap="xs">
        {rows.map(([name, blocked]) => (
          <Group key={name} justify="space-between" gap="xs">
            <Text fz="sm">{t(`contacts.${name}`)}</Text>
            <StateLabel tone={blocked === null ? 'none' : blocked ? 'warn' : 'good'}>
              {t(
                blocked === null
                  ? 'contacts.consentUnknown'
                  : blocked
                    ? 'contacts.blocked'
                    : 'contacts.allowed',
              )}
            </StateLabel>
          </Group>
        ))}
      </Stack>
    </Panel>
  )
}

export function Cluster({ cluster }: { cluster: Person['cluster'] }) {
  const { t } = useWords()
  return (
    <Panel title={t('contacts.cluster')}>
      <Stack gap="xs">
        {cluster.map(({ personId, name, lead }) => (
          <Group key={personId} justify="space-between" gap="xs">
            <Anchor component={Link} href={`/contacts/${personId}`}>
              {name === '' ? t('contacts.person', { id: personId }) : name}
            </Anchor>
            {lead ? <StateLabel tone="busy">{t('contacts.leads')}</StateLabel> : null}
          </Group>
        ))}
      </Stack>
    </Panel>
  )
}

export function Pending({ pending }: { pending: Person['pending'] }) {
  const { t, lookUp } = useWords()
  return (
    <Panel title={t('contacts.pending')}>
      <Stack gap="xs">
        {pending.map(({ action, state }) => (
          <Group key={`${action} ${state}`} justify="space-between" gap="xs">
            <Text fz="sm">{lookUp(`overview.result.actions.${action}`) ?? action}</Text>
            <StateLabel tone="busy">{lookUp(`contacts.pendingStates.${state}`) ?? state}</StateLabel>
          </Group>
        ))}
      </Stack>
    </Panel>
  )
}

export function Warnings({ warnings }: { warnings: Person['warnings'] }) {
  const { t } = useWords()
  const explain = useCodeWords()
  return (
    <Panel title={t('contacts.warnings')}>
      <Stack gap="xs">
        {warnings.map(({ code, detail }) => (
          <Stack key={`${code} ${detail}`} gap={2}>
            <Text fz="sm">{explain({ code, message: detail }).title}</Text>
            {detail === '' ? null : (
              <Text fz="sm" c="dimmed">
                <ServerWords>{detail}</ServerWords>
              </Text>
            )}
          </Stack>
        ))}
      </Stack>
    </Panel>
  )
}

/** What says nothing to a person, or the same again: custom fields have a hash for a name, and are among the fields. */
const LEFT_OUT = /^(entity|id|org_id|add_time|update_time|marketing_status|visible_to|[0-9a-f]{40}.*)$/
const TIME = /^\d{4}-\d\d-\d\dT/

export function Source({ source }: { source: Person['source'] }) {
  const { t, lookUp, dateTime } = useWords()
  const { fields, ...own } = source
  const rows = [...Object.entries(fields ?? {}), ...Object.entries(own)].flatMap(([name, value]) => {
    const text = valueText(value)
    if (text === null || value === false || LEFT_OUT.test(name)) return []
    return [{ name, text: TIME.test(text) ? dateTime(text) : text }]
  })
  return (
    <Panel title={t('contacts.source')}>
      <table className="page-pairs">
        <tbody>
          {rows.map(({ name, text }) => (
            <tr key={name}>
              <th scope="row">{lookUp(`contacts.record.${name}`) ?? name}</th>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
