/** The keys of this server: made, shown once, and revoked. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { ResultOf } from '../../../src/wire/index.ts'
import { useDo, useLook } from '../api/use-operation.ts'
import { useWords } from '../language/use-words.ts'
import { Panel } from '../parts/panel.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { ScrolledTable } from '../parts/scrolled-table.tsx'
import { TableSkeleton } from '../parts/skeletons.tsx'
import { StateLabel } from '../parts/state-label.tsx'
import { Td } from '../parts/td.tsx'
import { NewKey } from './new-key.tsx'

type Key = ResultOf<'keys.list'>[number]

export function KeysPart() {
  const { t } = useWords()
  const keys = useLook('keys.list', {})
  const [revoking, setRevoking] = useState<Key | null>(null)
  return (
    <Panel title={t('settings.keys.title')} note={t('settings.keys.note')} action={<NewKey />}>
      {keys.data === undefined ? (
        keys.error === null ? (
          <TableSkeleton />
        ) : (
          <ProblemNotice problem={keys.error} onRetry={() => void keys.refetch()} />
        )
      ) : keys.data.length === 0 ? (
        <Text c="dimmed">{t('settings.keys.none')}</Text>
      ) : (
        <KeyTable keys={keys.data} onRevoke={setRevoking} />
      )}
      <Revoke key={revoking?.id} of={revoking} onClose={() => setRevoking(null)} />
    </Panel>
  )
}

function KeyTable({ keys, onRevoke }: { keys: readonly Key[]; onRevoke: (key: Key) => void }) {
  const { t, ago, dateTime, date } = useWords()
  return (
    <ScrolledTable
      label={t('settings.keys.title')}
      minWidth={640}
      head={[
        t('settings.keys.name'),
        t('settings.keys.scope'),
        t('settings.keys.lastUsed'),
        t('settings.keys.expires'),
        t('settings.keys.state'),
        t('settings.keys.actions'),
      ]}
    >
      {keys.map((key) => (
        <tr key={key.id}>
          <Td>
            <Text fz="sm" fw={550}>
              {key.name}
            </Text>
            <Text className="page-value" c="dimmed">
              {key.id}
            </Text>
          </Td>
          <Td>
            {t(`settings.keys.scopes.${key.scope}`)}
            {key.connection === null ? null : (
              <Text fz="sm" c="dimmed">
                {key.connection}
              </Text>
            )}
          </Td>
          <Td>
            {key.lastUsedAt === null ? (
              t('settings.keys.never')
            ) : (
              <time dateTime={key.lastUsedAt} title={dateTime(key.lastUsedAt)}>
                {ago(key.lastUsedAt)}
              </time>
            )}
          </Td>
          <Td>{key.expiresAt === null ? t('settings.keys.never') : date(key.expiresAt)}</Td>
          <Td>
            <StateLabel tone={key.state === 'valid' ? 'good' : 'none'}>
              {t(`settings.keys.states.${key.state}`)}
            </StateLabel>
          </Td>
          <Td>
            {key.state === 'revoked' ? null : (
              <Button
                size="compact-sm"
                variant="subtle"
                color="red"
                c="var(--page-bad)"
                onClick={() => onRevoke(key)}
              >
                {t('settings.keys.revoke')}
              </Button>
            )}
          </Td>
        </tr>
      ))}
    </ScrolledTable>
  )
}

function Revoke({ of, onClose }: { of: Key | null; onClose: () => void }) {
  const { t } = useWords()
  const revoke = useDo('keys.revoke')
  if (of === null) return null
  return (
    <Modal
      opened
      onClose={onClose}
      centered
      title={t('settings.keys.revokeTitle', { name: of.name })}
      closeButtonProps={{ 'aria-label': t('frame.close') }}
    >
      <Stack>
        <Text>{t('settings.keys.revokeText')}</Text>
        {revoke.problem === null ? null : <ProblemNotice problem={revoke.problem} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('frame.cancel')}
          </Button>
          <Button
            color="red.9"
            loading={revoke.running}
            // What is refused is shown above.
            onClick={() => void revoke.startAsync({ key: of.id }).then(onClose, () => undefined)}
          >
            {t('settings.keys.revoke')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
