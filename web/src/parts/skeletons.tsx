/** What a view looks like before its data is there: the same places, empty. */
import { SimpleGrid, Skeleton, Stack, VisuallyHidden } from '@mantine/core'
import { useWords } from '../language/use-words.ts'

export function ViewSkeleton() {
  return (
    <Stack gap="lg">
      <Loading />
      <Skeleton h={28} w={180} />
      <BodySkeleton />
    </Stack>
  )
}

export function BodySkeleton() {
  return (
    <Stack gap="lg">
      <Skeleton h={96} radius="lg" />
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
        {['a', 'b', 'c', 'd'].map((name) => (
          <Skeleton key={name} h={132} />
        ))}
      </SimpleGrid>
      <Skeleton h={260} />
    </Stack>
  )
}

export function TableSkeleton({ rows = 6 }: { rows?: number }) {
  return (
    <Stack gap="sm">
      <Loading />
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all of them are alike
        <Skeleton key={index} h={28} />
      ))}
    </Stack>
  )
}

function Loading() {
  const { t } = useWords()
  return <VisuallyHidden role="status">{t('frame.loading')}</VisuallyHidden>
}
