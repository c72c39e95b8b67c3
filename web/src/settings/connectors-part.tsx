/** The two accounts: where their credentials come from, and whether they answer. */
import { Button, Group, Stack, Text } from '@mantine/core'
import type { ResultOf } from '../../../src/wire/index.ts'
import { useDo, useLook } from '../api/use-operation.ts'
import { useMay } from '../frame/session-context.ts'
import { useWords } from '../language/use-words.ts'
import { CONNECTOR_TONES } from '../parts/connector-tones.ts'
import { Panel } from '../parts/panel.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { ServerWords } from '../parts/server-words.tsx'
import { TableSkeleton } from '../parts/skeletons.tsx'
import { StateLabel } from '../parts/state-label.tsx'

type Connector = ResultOf<'connectors.list'>[number]

export function ConnectorsPart() {
  const { data, error, refetch } = useLook('connectors.list', {})
  if (data !== undefined)
    return data.map((connector) => <ConnectorPanel key={connector.name} listed={connector} />)
  return error === null ? <TableSkeleton /> : <ProblemNotice problem={error} onRetry={() => void refetch()} />
}

function ConnectorPanel({ listed }: { listed: Connector }) {
  const { t } = useWords()
  const mayTest = useMay('operate')
  const test = useDo('connectors.test')
  const connector = test.result ?? listed
  return (
    <Panel
      title={t(`settings.connectors.${connector.name}`)}
      note={t(`settings.connectors.credentials.${connector.credentials}`)}
      action={
        <Group gap="sm">
          <StateLabel tone={CONNECTOR_TONES[connector.state]}>
            {t(`settings.connectors.state.${connector.state}`)}
          </StateLabel>
          {mayTest ? (
            <Button
              size="xs"
              variant="default"
              loading={test.running}
              onClick={() => test.start({ name: connector.name })}
            >
              {t(test.result === null ? 'settings.connectors.test' : 'settings.connectors.testAgain')}
            </Button>
          ) : null}
        </Group>
      }
    >
      <Stack gap={4}>
        <Text fz="sm" role="status">
          <ServerWords>{connector.detail}</ServerWords>
        </Text>
        {connector.apiUrl === null ? null : (
          <Text fz="sm" c="dimmed" className="page-value">
            {connector.apiUrl}
          </Text>
        )}
      </Stack>
      {test.problem === null ? null : <ProblemNotice problem={test.problem} />}
    </Panel>
  )
}
