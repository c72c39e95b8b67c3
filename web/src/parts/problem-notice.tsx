/** A refusal in the viewer's words where the page has them, in the server's where not, with a way to try again. */
import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { type Problem, UNREACHABLE, UNREADABLE } from '../api/problem.ts'
import { useWords } from '../language/use-words.ts'

export type ProblemNoticeProps = {
  readonly problem: Problem
  readonly title?: string
  readonly onRetry?: () => void
}

export function ProblemNotice({ problem, title, onRetry }: ProblemNoticeProps) {
  const { t } = useWords()
  const own = useProblemText(problem)
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      title={title ?? t(onRetry === undefined ? 'frame.notDone' : 'frame.loadFailed')}
      icon={<IconAlertCircle aria-hidden />}
      maw={720}
      styles={{ title: { color: 'var(--page-bad)' } }}
    >
      <Stack gap="sm">
        <Text fz="sm">{own}</Text>
        <Group gap="sm">
          {onRetry === undefined ? null : (
            <Button size="xs" variant="default" onClick={onRetry}>
              {t('frame.tryAgain')}
            </Button>
          )}
          <Code c="dimmed">{problem.code}</Code>
        </Group>
      </Stack>
    </Alert>
  )
}

export function useProblemText({ code, status, message }: Problem): string {
  const { t } = useWords()
  if (code === UNREACHABLE) return t('frame.unreachable')
  if (code === UNREADABLE) return t('frame.unreadable')
  if (status === 403) return t('frame.forbidden')
  return message
}
