/** A titled part of a view. */
import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

export type PanelProps = {
  readonly title: string
  readonly note?: ReactNode
  readonly action?: ReactNode
  readonly children: ReactNode
}

export function Panel({ title, note, action, children }: PanelProps) {
  const id = useId()
  return (
    <Paper
      component="section"
      className="page-panel"
      p={{ base: 'md', sm: 'lg' }}
      radius="lg"
      aria-labelledby={id}
    >
      <Stack gap="md">
        <Group justify="space-between" align="flex-start" gap="sm">
          <Stack gap={2}>
            <Title order={2} id={id}>
              {title}
            </Title>
            {note === undefined ? null : (
              <Text component="div" fz="sm" c="dimmed">
                {note}
              </Text>
            )}
          </Stack>
          {action}
        </Group>
        {children}
      </Stack>
    </Paper>
  )
}
