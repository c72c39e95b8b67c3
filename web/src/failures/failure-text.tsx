/** A failure in words: what happened, what to do, and what the service and the server said, as they said it. */
import { Code, Group, Stack, Text } from '@mantine/core'
import type { ResultOf } from '../../../src/wire/index.ts'
import { useCodeWords } from '../language/use-code-words.ts'
import { useWords } from '../language/use-words.ts'
import { Quote } from '../parts/server-words.tsx'

export type Failure = ResultOf<'failures.list'>[number]

/** `titled`: the title stands above it already. */
export function FailureText({ failure, titled = false }: { failure: Failure; titled?: boolean }) {
  const { t } = useWords()
  const { title, cause, remedy, original } = useCodeWords()(failure)
  const heads = [
    [t('failures.whatHappened'), titled && cause === title ? null : <Text key="text">{cause}</Text>],
    [
      t('failures.remedy'),
      remedy && (
        <Text key="text" fw={550}>
          {remedy}
        </Text>
      ),
    ],
    [t('failures.service'), failure.vendorMessage && <Quote key="text">{failure.vendorMessage}</Quote>],
    [t('failures.original'), original && <Quote key="text">{original}</Quote>],
  ] as const
  return (
    <Stack gap="sm">
      {heads.map(([head, body]) =>
        body === null || body === '' ? null : (
          <Stack key={head} gap={4}>
            <Text fz="sm" c="dimmed">
              {head}
            </Text>
            {body}
          </Stack>
        ),
      )}
      <Group gap="xs">
        <Code c="dimmed">{failure.code}</Code>
      </Group>
    </Stack>
  )
}
