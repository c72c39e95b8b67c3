/** One person looked up: everything that is known of both sides, and why it is as it is. */
import { Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconSearch, IconUserQuestion, IconUserSearch } from '@tabler/icons-react'
import { type FormEvent, useEffect, useState } from 'react'
import { Link, useLocation, useParams } from 'wouter'
import { useLook } from '../api/use-operation.ts'
import { useWords } from '../language/use-words.ts'
import { Nothing } from '../parts/nothing.tsx'
import { Panel } from '../parts/panel.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { BodySkeleton } from '../parts/skeletons.tsx'
import { ViewHead } from '../parts/view-head.tsx'
import { PersonPage } from './person-page.tsx'
import { type Recent, readRecent, rememberRecent } from './recent.ts'

export function ContactsView() {
  const { t } = useWords()
  const { subject: written } = useParams<{ subject?: string }>()
  const subject = written === undefined ? '' : decodeURIComponent(written)
  const [, go] = useLocation()
  const [text, setText] = useState(subject)
  useEffect(() => setText(subject), [subject])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const wanted = text.trim()
    if (wanted !== '') go(`/contacts/${encodeURIComponent(wanted)}`)
  }
  return (
    <>
      <ViewHead title={t('contacts.title')} lead={t('contacts.lead')} />
      <Stack gap="lg">
        <form onSubmit={submit}>
          <Group align="flex-start" gap="sm">
            <TextInput
              label={t('contacts.search')}
              description={t('contacts.searchHelp')}
              inputWrapperOrder={['label', 'input', 'description']}
              leftSection={<IconSearch size={16} aria-hidden />}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              w="100%"
              maw={480}
              spellCheck={false}
              autoCapitalize="none"
            />
            <Button type="submit" mt={{ base: 0, xs: 25 }}>
              {t('contacts.look')}
            </Button>
          </Group>
        </form>
        <Answer key={subject} subject={subject} />
      </Stack>
    </>
  )
}

function Start() {
  const { t } = useWords()
  const recent = readRecent()
  return (
    <Nothing icon={IconUserSearch} title={t('contacts.startTitle')} text={t('contacts.startText')}>
      {recent.length === 0 ? null : (
        <Stack gap={4} align="center" pt="md">
          <Text fz="sm" c="dimmed">
            {t('contacts.recent')}
          </Text>
          {recent.map(({ subject, name }: Recent) => (
            <Anchor key={subject} component={Link} href={`/contacts/${encodeURIComponent(subject)}`}>
              {name}
            </Anchor>
          ))}
        </Stack>
      )}
    </Nothing>
  )
}

/** An id or an address is one person's; anything else is looked for in names and addresses. */
function Answer({ subject }: { subject: string }) {
  if (subject === '') return <Start />
  return /^\d+$|@/.test(subject) ? <LookedUp subject={subject} /> : <Found text={subject} />
}

function Found({ text }: { text: string }) {
  const { t } = useWords()
  const { data, error, refetch } = useLook('contacts.find', { text })
  if (data === undefined)
    return error === null ? (
      <BodySkeleton />
    ) : (
      <ProblemNotice problem={error} onRetry={() => void refetch()} />
    )
  if (data.hits.length === 0)
    return (
      <Nothing icon={IconUserQuestion} title={t('contacts.unknownTitle')} text={t('contacts.unknownText')} />
    )
  return (
    <Panel title={t('contacts.found')}>
      <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }}>
        {data.hits.map(({ personId, name, email }) => (
          <Group component="li" key={personId} gap="xs">
            <Anchor component={Link} href={`/contacts/${personId}`}>
              {name === '' ? t('contacts.noName') : name}
            </Anchor>
            <Text fz="sm" c="dimmed">
              {email ?? t('contacts.person', { id: personId })}
            </Text>
          </Group>
        ))}
      </Stack>
      {data.more ? (
        <Text fz="sm" c="dimmed" pt="sm">
          {t('contacts.foundMore')}
        </Text>
      ) : null}
    </Panel>
  )
}

function LookedUp({ subject }: { subject: string }) {
  const { data, error, refetch } = useLook('contacts.explain', { subject }, { everyMs: 10_000 })
  useEffect(() => {
    if (data !== undefined) rememberRecent(data)
  }, [data])
  if (data !== undefined) return <PersonPage person={data} />
  // Perhaps it is a piece of an address, or of a name with digits.
  if (error?.code === 'person_unknown') return <Found text={subject} />
  if (error !== null) return <ProblemNotice problem={error} onRetry={() => void refetch()} />
  return <BodySkeleton />
}
