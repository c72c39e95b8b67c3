/** What is registered at both services, and what is wrong with it. */
import { Button, Stack, Text } from '@mantine/core'
import type { ResultOf } from '../../../src/wire/index.ts'
import { useDo, useLook } from '../api/use-operation.ts'
import { useMay } from '../frame/session-context.ts'
import { useCodeWords } from '../language/use-code-words.ts'
import { useWords } from '../language/use-words.ts'
import { Panel } from '../parts/panel.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { ScrolledTable } from '../parts/scrolled-table.tsx'
import { ServerWords } from '../parts/server-words.tsx'
import { TableSkeleton } from '../parts/skeletons.tsx'
import { StateLabel, type StateTone } from '../parts/state-label.tsx'
import { Td } from '../parts/td.tsx'

type Report = ResultOf<'webhooks.list'>
type Item = Report['items'][number]

const TONES: Readonly<Record<Item['state'], StateTone>> = {
  ok: 'good',
  created: 'good',
  updated: 'good',
  removed: 'none',
  missing: 'warn',
  duplicate: 'warn',
  disabled: 'warn',
  outdated: 'warn',
  foreign: 'none',
  refused: 'bad',
}

export function WebhooksPart() {
  const { t } = useWords()
  const mayRegister = useMay('operate')
  const listed = useLook('webhooks.list', {})
  const register = useDo('webhooks.register')
  const report = register.result ?? listed.data
  const reachable = report?.publicUrl != null
  return (
    <Panel
      title={t('settings.webhooks.title')}
      note={t('settings.webhooks.note')}
      action={
        mayRegister && reachable ? (
          <Button size="sm" loading={register.running} onClick={() => register.start({})}>
            {t('settings.webhooks.register')}
          </Button>
        ) : null
      }
    >
      {register.problem === null ? null : <ProblemNotice problem={register.problem} />}
      {report === undefined ? (
        listed.error === null ? (
          <TableSkeleton />
        ) : (
          <ProblemNotice problem={listed.error} onRetry={() => void listed.refetch()} />
        )
      ) : (
        <Items report={report} />
      )}
    </Panel>
  )
}

function Items({ report: { status, publicUrl, items, warnings } }: { report: Report }) {
  const { t } = useWords()
  return (
    <Stack gap="md">
      <Stack gap={6} align="flex-start">
        {items.length === 0 ? null : (
          <StateLabel tone={status === 'complete' ? 'good' : 'warn'}>
            {t(`settings.webhooks.${status}`)}
          </StateLabel>
        )}
        <Text fz="sm" c="dimmed">
          {publicUrl === null
            ? t('settings.webhooks.noPublicUrl')
            : t('settings.webhooks.publicUrl', { url: publicUrl })}
        </Text>
        {warnings.map((warning) => (
          <Text key={`${warning.code} ${warning.message}`} component="div" fz="sm" c="var(--page-warn)">
            <What told={warning} />
          </Text>
        ))}
      </Stack>
      {items.length === 0 ? (
        <Text c="dimmed">{t('settings.webhooks.none')}</Text>
      ) : (
        <ScrolledTable
          label={t('settings.webhooks.title')}
          minWidth={560}
          head={[
            t('settings.webhooks.service'),
            t('settings.webhooks.what'),
            t('settings.webhooks.state'),
            t('settings.webhooks.message'),
          ]}
        >
          {items.map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what is missing has no id yet
            <tr key={`${item.vendor} ${item.id} ${index}`}>
              <Td fw={550}>{t(`settings.connectors.${item.vendor}`)}</Td>
              <Td>
                <ServerWords>{[item.object, item.events.join(', ')].filter(Boolean).join(': ')}</ServerWords>
              </Td>
              <Td>
                <StateLabel tone={TONES[item.state]}>
                  {t(`settings.webhooks.states.${item.state}`)}
                </StateLabel>
              </Td>
              <Td>
                <Text component="div" fz="sm" c="dimmed">
                  {item.code === 'webhook_no_public_url' ? null : <What told={item} />}
                </Text>
              </Td>
            </tr>
          ))}
        </ScrolledTable>
      )}
    </Stack>
  )
}

type Told = Pick<Item, 'code' | 'message' | 'remedy'>

function What({ told: { code, message, remedy } }: { told: Told }) {
  const explain = useCodeWords()
  if (code === null)
    return (
      <ServerWords>
        {message} {remedy}
      </ServerWords>
    )
  const said = explain({ code, message, remedy })
  return (
    <>
      {said.cause} {said.remedy}{' '}
      {said.original === null ? null : <ServerWords>({said.original})</ServerWords>}
    </>
  )
}
