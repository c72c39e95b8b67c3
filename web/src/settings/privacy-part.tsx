/** One person's data: handed out as a file, or erased after a look and the address typed again. */
import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { ResultOf } from '../../../src/wire/index.ts'
import { useDo } from '../api/use-operation.ts'
import { sumCounts } from '../format/sum-counts.ts'
import { useCodeWords } from '../language/use-code-words.ts'
import { useWords } from '../language/use-words.ts'
import { download } from '../parts/download.ts'
import { Panel } from '../parts/panel.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { ServerWords } from '../parts/server-words.tsx'
import { StateLabel } from '../parts/state-label.tsx'

export function PrivacyPart() {
  return (
    <>
      <ExportPanel />
      <ErasePanel />
    </>
  )
}

function ExportPanel() {
  const { t } = useWords()
  const [email, setEmail] = useState('')
  const read = useDo('privacy.export')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    read.start({ email: email.trim() })
  }
  return (
    <Panel title={t('settings.privacy.exportTitle')} note={t('settings.privacy.exportNote')}>
      <form onSubmit={submit}>
        <Group align="flex-end" gap="sm">
          <EmailInput value={email} onChange={setEmail} />
          <Button type="submit" variant="default" loading={read.running} disabled={email.trim() === ''}>
            {t('settings.privacy.export')}
          </Button>
        </Group>
      </form>
      {read.problem === null ? null : <ProblemNotice problem={read.problem} />}
      {read.result === null ? null : (
        <Group gap="sm" role="status">
          <Text fz="sm">
            {t(read.result.found ? 'settings.privacy.exportFound' : 'settings.privacy.exportNothing')}
          </Text>
          {read.result.found ? <SaveButton data={read.result} /> : null}
        </Group>
      )}
      {read.result === null || read.result.incomplete.length === 0 ? null : (
        <Unread parts={read.result.incomplete} />
      )}
    </Panel>
  )
}

/** What the file lacks, and why. */
function Unread({ parts }: { parts: ResultOf<'privacy.export'>['incomplete'] }) {
  const { t } = useWords()
  const explain = useCodeWords()
  return (
    <Stack gap={2}>
      <Text fz="sm" c="var(--page-warn)">
        {t('settings.privacy.exportPartly')}
      </Text>
      {parts.map((unread) => {
        const { cause, original } = explain(unread)
        return (
          <Text key={`${unread.part} ${unread.code}`} fz="sm">
            <code>{unread.part}</code> {cause}{' '}
            {original === null ? null : <ServerWords>({original})</ServerWords>}
          </Text>
        )
      })}
    </Stack>
  )
}

function SaveButton({ data }: { data: ResultOf<'privacy.export'> }) {
  const { t } = useWords()
  const save = (): void =>
    download({ name: `tajo-${data.email}.json`, type: 'application/json' }, JSON.stringify(data, null, 2))
  return (
    <Button size="xs" onClick={save}>
      {t('settings.privacy.save')}
    </Button>
  )
}

function ErasePanel() {
  const { t } = useWords()
  const [email, setEmail] = useState('')
  const [pipedrive, setPipedrive] = useState(false)
  const look = useDo('privacy.erase')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    look.start({ email: email.trim(), pipedrive, dryRun: true })
  }
  const shown =
    look.result !== null && look.params?.email === email.trim() && look.params.pipedrive === pipedrive
  return (
    <Panel title={t('settings.privacy.eraseTitle')} note={t('settings.privacy.eraseNote')}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Group align="flex-end" gap="sm">
            <EmailInput value={email} onChange={setEmail} />
            <Button type="submit" variant="default" loading={look.running} disabled={email.trim() === ''}>
              {t('settings.privacy.look')}
            </Button>
          </Group>
          <Checkbox
            label={t('settings.privacy.pipedrive')}
            checked={pipedrive}
            onChange={(event) => setPipedrive(event.currentTarget.checked)}
          />
        </Stack>
      </form>
      {look.problem === null ? null : <ProblemNotice problem={look.problem} />}
      {look.result !== null && shown ? (
        <Confirm key={email} email={email.trim()} pipedrive={pipedrive} found={look.result} />
      ) : null}
    </Panel>
  )
}

type ConfirmProps = {
  readonly email: string
  readonly pipedrive: boolean
  readonly found: ResultOf<'privacy.erase'>
}

function Confirm({ email, pipedrive, found }: ConfirmProps) {
  const { t } = useWords()
  const [typed, setTyped] = useState('')
  const erase = useDo('privacy.erase')
  if (erase.result !== null)
    return (
      <Stack gap="sm" align="flex-start" role="status">
        <StateLabel tone="good">{t('settings.privacy.erased')}</StateLabel>
        <Found found={erase.result} />
      </Stack>
    )
  return (
    <Stack gap="md">
      <Text fw={600}>{t('settings.privacy.wouldErase')}</Text>
      <Found found={found} />
      {erase.problem === null ? null : <ProblemNotice problem={erase.problem} />}
      <Group align="flex-end" gap="sm">
        <TextInput
          label={t('settings.privacy.confirm')}
          placeholder={email}
          autoComplete="off"
          w="100%"
          maw={360}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button
          color="red.9"
          loading={erase.running}
          disabled={typed.trim() !== email}
          onClick={() => erase.start({ email, pipedrive })}
        >
          {t('settings.privacy.erase')}
        </Button>
      </Group>
    </Stack>
  )
}

function Found({ found: { brevo, pipedrive, store, sharedWith } }: Pick<ConfirmProps, 'found'>) {
  const { t, number, list } = useWords()
  const rows = sumCounts(store)
  const none = brevo.contactIds.length + pipedrive.personIds.length + rows === 0
  if (none) return <Text fz="sm">{t('settings.privacy.nothing')}</Text>
  return (
    <Stack gap={4}>
      <Text fz="sm">
        {t('settings.privacy.contacts')}: {brevo.contactIds.join(', ') || t('frame.none')}
      </Text>
      {pipedrive.deleted ? (
        <Text fz="sm">
          {t('settings.privacy.persons')}: {pipedrive.personIds.join(', ') || t('frame.none')}
        </Text>
      ) : null}
      <Text fz="sm">
        {t('settings.privacy.rows')}: {number(rows)}
      </Text>
      {sharedWith.length === 0 ? null : (
        <Text fz="sm" c="var(--page-warn)">
          {t('settings.privacy.shared', { ids: list(sharedWith.map(String)) })}
        </Text>
      )}
    </Stack>
  )
}

function EmailInput({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useWords()
  return (
    <TextInput
      type="email"
      label={t('settings.privacy.email')}
      autoComplete="off"
      w="100%"
      maw={360}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
