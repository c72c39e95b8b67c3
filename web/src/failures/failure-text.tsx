/** A failure in words: what happened, what the service said, and what to do. */
import { Code, Group, Stack, Text } from '@mantine/core'
import type { ResultOf } from '../../../src/wire/index.ts'
import { useWords } from '../language/use-words.ts'

export type Failure = ResultOf<'failures.list'>[number]

export function FailureText({ failure }: { failure: Failure }) {
  const { t } = useWords()
  const { remedy } = useCause(failure)
  return (
    <Stack gap="sm">
      <Stack gap={4}>
        <Text fz="sm" c="dimmed">
          {t('failures.whatHappened')}
        </Text>
        <Text>{failure.message}</Text>
      </Stack>
      {failure.vendorMessage === null ? null : (
        <Stack gap={4}>
          <Text fz="sm" c="dimmed">
            {t('failures.service')}
          </Text>
          <blockquote className="page-quote">{failure.vendorMessage}</blockquote>
        </Stack>
      )}
      <Stack gap={4}>
        <Text fz="sm" c="dimmed">
          {t('failures.remedy')}
        </Text>
        <Text fw={550}>{remedy}</Text>
      </Stack>
      <Group gap="xs">
        <Code c="dimmed">{failure.code}</Code>
      </Group>
    </Stack>
  )
}

/** In the page's words where it has them; else in the server's. */
export function useCause({ code, message, remedy }: Failure): {
  readonly cause: string
  readonly remedy: string
} {
  const { lookUp } = useWords()
  return { cause: lookUp(`codes.${code}.cause`) ?? message, remedy: lookUp(`codes.${code}.remedy`) ?? remedy }
}
