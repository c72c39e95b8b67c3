/** What is shown is from before, since asking for it again failed: said once, above whichever view it is, until it is mended. */
import { Alert, Button, Group, Text } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useCallback, useSyncExternalStore } from 'react'
import { isLost, Problem } from '../api/problem.ts'
import { useWords } from '../language/use-words.ts'
import { useProblemText } from '../parts/problem-notice.tsx'

export function OutOfDate() {
  const queries = useQueryClient()
  const problem = useTrouble(queries)
  const again = (): void =>
    void queries.refetchQueries({ type: 'active', predicate: ({ state }) => state.status === 'error' })
  return problem === null ? null : <Notice problem={problem} onRetry={again} />
}

function Notice({ problem, onRetry }: { problem: Problem; onRetry: () => void }) {
  const { t } = useWords()
  const text = useProblemText(problem)
  return (
    <Alert
      role="alert"
      data-testid="out-of-date"
      variant="light"
      color="yellow"
      mb="lg"
      icon={<IconPlugConnectedX aria-hidden />}
      title={t(isLost(problem) ? 'frame.lost' : 'frame.outOfDate')}
      styles={{ root: { background: 'var(--page-warn-soft)' }, title: { color: 'var(--page-warn)' } }}
    >
      <Group gap="sm" justify="space-between">
        <Text fz="sm">{isLost(problem) ? t('frame.lostText') : text}</Text>
        <Button size="xs" variant="default" onClick={onRetry}>
          {t('frame.tryAgain')}
        </Button>
      </Group>
    </Alert>
  )
}

/** The first refusal of anything that is still shown as it was; null: all of it is as it should be. */
function useTrouble(queries: QueryClient): Problem | null {
  const cache = queries.getQueryCache()
  const subscribe = useCallback((onChange: () => void) => cache.subscribe(onChange), [cache])
  return useSyncExternalStore(subscribe, () => {
    const failed = cache.findAll({
      type: 'active',
      predicate: ({ state: { data, error } }) => data !== undefined && error instanceof Problem,
    })
    return (failed[0]?.state.error as Problem | undefined) ?? null
  })
}
