/** Makes a key and shows its secret this once. The secret is in this dialogue, and gone with it. */
import { Button, Code, CopyButton, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type FormEvent, useState } from 'react'
import type { ResultOf } from '../../../src/wire/index.ts'
import { useDo } from '../api/use-operation.ts'
import { useSession } from '../frame/session-context.ts'
import { useWords } from '../language/use-words.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'

const SCOPES = ['read', 'operate', 'admin'] as const
const LIVES_DAYS = [0, 30, 90, 365]
const DAY_MS = 86_400_000

export function NewKey() {
  const { t } = useWords()
  const [opened, { open, close }] = useDisclosure(false)
  const create = useDo('keys.create')
  const leave = (): void => {
    close()
    create.reset()
  }
  const made = create.result
  return (
    <>
      <Button size="sm" onClick={open}>
        {t('settings.keys.create')}
      </Button>
      <Modal
        opened={opened}
        onClose={leave}
        centered
        closeOnClickOutside={made === null}
        title={
          made === null ? t('settings.keys.create') : t('settings.keys.madeTitle', { name: made.key.name })
        }
        closeButtonProps={{ 'aria-label': t('frame.close') }}
      >
        {made === null ? <Form create={create} /> : <Secret made={made} onClose={leave} />}
      </Modal>
    </>
  )
}

function Form({ create }: { create: ReturnType<typeof useDo<'keys.create'>> }) {
  const { t, number } = useWords()
  const { connections } = useSession()
  const [name, setName] = useState('')
  const [scope, setScope] = useState<(typeof SCOPES)[number]>('read')
  const [connection, setConnection] = useState('')
  const [days, setDays] = useState(90)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    create.start({
      name: name.trim(),
      scope,
      connection: connection === '' ? null : connection,
      expiresAt: days === 0 ? null : new Date(Date.now() + days * DAY_MS).toISOString(),
    })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={t('settings.keys.name')}
          description={t('settings.keys.nameHelp')}
          required
          data-autofocus
          maxLength={64}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label={t('settings.keys.scope')}
          value={scope}
          onChange={(event) => setScope(event.currentTarget.value as (typeof SCOPES)[number])}
          data={SCOPES.map((value) => ({ value, label: t(`settings.keys.scopes.${value}`) }))}
        />
        {connections.length < 2 ? null : (
          <NativeSelect
            label={t('settings.keys.connection')}
            value={connection}
            onChange={(event) => setConnection(event.currentTarget.value)}
            data={[{ value: '', label: t('settings.keys.allConnections') }, ...connections]}
          />
        )}
        <NativeSelect
          label={t('settings.keys.expires')}
          value={String(days)}
          onChange={(event) => setDays(Number(event.currentTarget.value))}
          data={LIVES_DAYS.map((value) => ({
            value: String(value),
            label:
              value === 0 ? t('settings.keys.never') : t('settings.keys.inDays', { number: number(value) }),
          }))}
        />
        {create.problem === null ? null : <ProblemNotice problem={create.problem} />}
        <Group justify="flex-end">
          <Button type="submit" loading={create.running}>
            {t('settings.keys.make')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Secret({ made, onClose }: { made: ResultOf<'keys.create'>; onClose: () => void }) {
  const { t } = useWords()
  return (
    <Stack>
      <Text>{t('settings.keys.madeText')}</Text>
      <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }} data-testid="secret">
        {made.secret}
      </Code>
      <Group justify="flex-end">
        <CopyButton value={made.secret}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {t(copied ? 'frame.copied' : 'frame.copy')}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onClose}>{t('settings.keys.done')}</Button>
      </Group>
    </Stack>
  )
}
