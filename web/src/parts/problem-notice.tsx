/** A refusal in the viewer's words where the page has them, in the server's where not, with a way to try again. */
import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { type Problem, UNREACHABLE, UNREADABLE } from '../api/problem.ts'
import { type Explained, useCodeWords } from '../language/use-code-words.ts'
import { useWords } from '../language/use-words.ts'
import { Quote } from './server-words.tsx'

export type ProblemNoticeProps = {
  readonly problem: Problem
  readonly title?: string
  /** Where the view says it better than anything general. */
  readonly text?: string
  readonly onRetry?: () => void
}

export function ProblemNotice({ problem, title, text, onRetry }: ProblemNoticeProps) {
  const { t } = useWords()
  const explained = useExplained(problem)
  const { cause, remedy, original } =
    text === undefined ? explained : { cause: text, remedy: null, original: null }
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
        <Text fz="sm">
          {cause} {remedy}
        </Text>
        {original === null ? null : <Quote>{original}</Quote>}
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

export function useProblemText(problem: Problem): string {
  const { cause, remedy } = useExplained(problem)
  return [cause, remedy].filter(Boolean).join(' ')
}

function useExplained(problem: Problem): Explained {
  const { t } = useWords()
  const explain = useCodeWords()
  const { code, status } = problem
  const own =
    code === UNREACHABLE
      ? t('frame.unreachable')
      : code === UNREADABLE
        ? t('frame.unreadable')
        : status === 403
          ? t('frame.forbidden')
          : null
  return own === null ? explain(problem) : { title: own, cause: own, remedy: null, original: null }
}
