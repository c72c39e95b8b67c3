/** One step: what it is about, its contents, and the ways on and back. The title gets the focus, so that it is read out. */
import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useWords } from '../language/use-words.ts'

export type StepFrameProps = {
  readonly title: string
  readonly lead: string
  readonly onBack?: (() => void) | undefined
  /** The way on, where there is one. */
  readonly action?: ReactNode
  /** Why the way on is barred. */
  readonly barred?: string | null
  readonly children: ReactNode
}

export function StepFrame({ title, lead, onBack, action, barred = null, children }: StepFrameProps) {
  const { t } = useWords()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus({ preventScroll: true })
    window.scrollTo({ top: 0 })
  }, [])
  return (
    <Stack gap="lg">
      <Stack gap={4} maw={720}>
        <Title order={2} ref={heading} tabIndex={-1} className="connect-title">
          {title}
        </Title>
        <Text c="dimmed">{lead}</Text>
      </Stack>
      {children}
      {onBack === undefined && action === undefined ? null : (
        <Stack gap="xs">
          <Group gap="sm" justify="space-between">
            {onBack === undefined ? (
              <span />
            ) : (
              <Button
                variant="subtle"
                color="gray"
                c="var(--mantine-color-text)"
                leftSection={<IconArrowLeft size={16} aria-hidden />}
                onClick={onBack}
              >
                {t('connect.back')}
              </Button>
            )}
            <Group gap="sm">{action}</Group>
          </Group>
          <Text fz="sm" c="var(--page-bad)" ta="end" role="status">
            {barred}
          </Text>
        </Stack>
      )}
    </Stack>
  )
}
