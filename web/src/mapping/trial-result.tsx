/** What a draft would change in Brevo: figures first, then the first contacts, value by value. */
import { Anchor, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { Link } from 'wouter'
import type { ResultOf } from '../../../src/wire/index.ts'
import { valueText } from '../contacts/value-text.ts'
import { useWords } from '../language/use-words.ts'
import { StateLabel } from '../parts/state-label.tsx'
import type { Survey } from './find-field.ts'

export type Trial = ResultOf<'settings.tryOut'>

const SHOWN = 10

export function TrialResult({ trial, survey }: { trial: Trial; survey: Survey | null }) {
  const { t, number } = useWords()
  const { contacts, lists, warnings, changes } = trial
  const figures = [
    ['created', contacts.created],
    ['updated', contacts.updated],
    ['unchanged', contacts.unchanged],
    ['onLists', lists.added],
    ['offLists', lists.removed],
  ] as const
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 2, sm: 5 }} role="status">
        {figures.map(([name, count]) => (
          <div key={name}>
            <Text fz="xl" fw={650} className="page-figure" data-testid={`trial-${name}`}>
              {number(count)}
            </Text>
            <Text fz="sm" c="dimmed">
              {t(`mapping.trial.${name}`)}
            </Text>
          </div>
        ))}
      </SimpleGrid>
      <Warnings warnings={warnings} />
      {changes.length === 0 ? null : (
        <div>
          <Title order={3} mb={4}>
            {t('mapping.trial.first', { number: number(Math.min(SHOWN, changes.length)) })}
          </Title>
          <ul className="mapping-trial">
            {changes.slice(0, SHOWN).map((change) => (
              <Change key={change.personId} change={change} survey={survey} />
            ))}
          </ul>
        </div>
      )}
    </Stack>
  )
}

function Warnings({ warnings }: Pick<Trial, 'warnings'>) {
  const { t, lookUp, number } = useWords()
  const counted = Object.entries(warnings).filter(([, count]) => count > 0)
  if (counted.length === 0) return null
  return (
    <Text fz="sm" c="var(--page-warn)">
      {t('mapping.trial.leftOut')}{' '}
      {counted
        .map(([code, count]) => `${number(count)} ${lookUp(`overview.warnings.${code}`) ?? code}`)
        .join(' · ')}
    </Text>
  )
}

function Change({ change, survey }: { change: Trial['changes'][number]; survey: Survey | null }) {
  const { t } = useWords()
  const { personId, email, action, fields, addLists, removeLists } = change
  const listName = (id: number): string =>
    survey?.brevo.lists.find((list) => list.id === id)?.name ?? t('mapping.list.id', { id })
  const text = (value: unknown): string => valueText(value) ?? t('mapping.changes.none')
  return (
    <li>
      <Group gap="xs">
        <Anchor component={Link} href={`/contacts/${personId}`} fz="sm" fw={550}>
          {email}
        </Anchor>
        <StateLabel tone={action === 'create' ? 'good' : 'busy'}>{t(`mapping.trial.${action}`)}</StateLabel>
      </Group>
      <ul className="mapping-changes">
        {fields.map(({ attribute, from, to }) => (
          <li key={attribute}>
            <span className="page-value">{attribute}</span>{' '}
            {t('mapping.changes.fromTo', { from: text(from), to: text(to) })}
          </li>
        ))}
        {addLists.map((id) => (
          <li key={`+${id}`}>{t('mapping.trial.joins', { list: listName(id) })}</li>
        ))}
        {removeLists.map((id) => (
          <li key={`-${id}`}>{t('mapping.trial.leaves', { list: listName(id) })}</li>
        ))}
      </ul>
    </li>
  )
}
