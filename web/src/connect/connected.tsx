/** An account that is connected: whose it is, and where its credentials come from. */
import { Button, Group, Stack, Text } from '@mantine/core'
import { useEffect } from 'react'
import type { ResultOf } from '../../../src/wire/index.ts'
import { useDo } from '../api/use-operation.ts'
import { useWords } from '../language/use-words.ts'
import { CONNECTOR_TONES } from '../parts/connector-tones.ts'
import { Panel } from '../parts/panel.tsx'
import { ServerWords } from '../parts/server-words.tsx'
import { StateLabel } from '../parts/state-label.tsx'
import { Refusal } from './refusal.tsx'

export type Connector = ResultOf<'connectors.list'>[number]

export type ConnectedProps = {
  readonly connector: Connector
  /** Absent where they are written down elsewhere. */
  readonly onReplace?: (() => void) | undefined
}

export function Connected({ connector, onReplace }: ConnectedProps) {
  const { t } = useWords()
  const test = useDo('connectors.test')
  const { start } = test
  const { name } = connector
  useEffect(() => start({ name }), [start, name])
  const shown = test.result ?? connector
  return (
    <Panel
      title={t(`connect.account.connected.${name}`)}
      action={
        <StateLabel tone={test.running ? 'busy' : CONNECTOR_TONES[shown.state]}>
          {t(test.running ? 'connect.account.testing' : `settings.connectors.state.${shown.state}`)}
        </StateLabel>
      }
    >
      <Stack gap="sm" align="flex-start">
        {test.result === null ? null : (
          <Text fz="sm" role="status">
            <ServerWords>{test.result.detail}</ServerWords>
          </Text>
        )}
        {test.problem === null ? null : <Refusal problem={test.problem} />}
        <Text fz="sm" c="dimmed">
          {t(
            connector.credentials === 'configuration'
              ? 'connect.account.configured'
              : 'connect.account.stored',
          )}
        </Text>
        <Group gap="sm">
          {onReplace === undefined ? null : (
            <Button size="xs" variant="default" onClick={onReplace}>
              {t('connect.account.replace')}
            </Button>
          )}
        </Group>
      </Stack>
    </Panel>
  )
}
