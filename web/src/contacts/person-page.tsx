/** A person laid open: the verdict first, then field by field, lists, consent, the way back, and the record itself. */
import { Button, Grid, Group, Stack, Text, Title } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import type { ResultOf } from '../../../src/wire/index.ts'
import { useDo } from '../api/use-operation.ts'
import { FailureText } from '../failures/failure-text.tsx'
import { RetryOutcome } from '../failures/retry-outcome.tsx'
import { useMay } from '../frame/session-context.ts'
import { useWords } from '../language/use-words.ts'
import { StateDot, type StateTone } from '../parts/state-label.tsx'
import { EventsPanel } from './events-panel.tsx'
import { FieldsPanel } from './fields-panel.tsx'
import { Cluster, Consent, Lists, Pending, Source, Warnings } from './person-panels.tsx'
import { nameOf } from './recent.ts'
import { ReversePanel } from './reverse-panel.tsx'

export type Person = ResultOf<'contacts.explain'>

const TONES: Readonly<Record<Person['outcome'], StateTone>> = {
  in_step: 'good',
  waiting: 'busy',
  no_email: 'none',
  invalid_email: 'warn',
  erased: 'none',
  same_email: 'none',
  failed: 'bad',
  discarded: 'none',
  deleted: 'none',
  deleted_in_brevo: 'none',
}

export function PersonPage({ person }: { person: Person }) {
  return (
    <Stack gap="lg">
      <Head person={person} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack gap="lg">
            <FieldsPanel fields={person.fields} />
            <Lists lists={person.lists} />
            {person.reverse === null || person.reverse.fields.length === 0 ? null : (
              <ReversePanel reverse={person.reverse} />
            )}
            <EventsPanel events={person.events} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack gap="lg">
            {person.pending.length === 0 ? null : <Pending pending={person.pending} />}
            {person.warnings.length === 0 ? null : <Warnings warnings={person.warnings} />}
            <Consent consent={person.consent} />
            {person.cluster.length < 2 ? null : <Cluster cluster={person.cluster} />}
            <Source source={person.source} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  )
}

function Head({ person }: { person: Person }) {
  const { t } = useWords()
  const mayRetry = useMay('operate')
  const retry = useDo('failures.retry')
  const { outcome, failure } = person
  const failed = failure ?? person.reverse?.failure ?? null
  const tone = TONES[outcome]
  return (
    <section className="page-state page-verdict" data-tone={tone}>
      <Stack gap="md">
        <Group justify="space-between" gap="md">
          <Stack gap={2} miw={0} style={{ overflowWrap: 'anywhere' }}>
            <Title order={2} fz="xl">
              {nameOf(person)}
            </Title>
            <Text c="dimmed">
              {[
                person.email,
                t('contacts.person', { id: person.personId }),
                person.contactId === null
                  ? t('contacts.noContact')
                  : t('contacts.contact', { id: person.contactId }),
              ]
                .filter((part) => part !== null)
                .join(' · ')}
            </Text>
          </Stack>
          {mayRetry && failed !== null ? (
            <Button
              leftSection={<IconRefresh size={16} aria-hidden />}
              loading={retry.running}
              onClick={() => retry.start({ selection: { ids: [failed.id], code: failed.code } })}
            >
              {t('contacts.retry')}
            </Button>
          ) : null}
        </Group>
        <Group gap="sm" wrap="nowrap" align="baseline">
          <StateDot tone={tone} />
          <Text fw={600} fz="lg">
            {t(`contacts.outcome.${outcome}`)}
          </Text>
        </Group>
        {failure === null ? null : <FailureText failure={failure} />}
        <RetryOutcome
          retry={retry}
          after={t(failed === null ? 'contacts.retryMended' : 'contacts.retryFailed')}
        />
      </Stack>
    </section>
  )
}
