/** How every view begins: its name, a sentence, and what can be done here. It names the document as well. */
import { Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'

export type ViewHeadProps = { readonly title: string; readonly lead?: string; readonly children?: ReactNode }

export function ViewHead({ title, lead, children }: ViewHeadProps) {
  useEffect(() => {
    document.title = `${title} · Tajo`
  }, [title])
  return (
    <Group justify="space-between" align="flex-end" gap="md" mb="lg">
      <Stack gap={4} maw={640}>
        <Title order={1}>{title}</Title>
        {lead === undefined ? null : <Text c="dimmed">{lead}</Text>}
      </Stack>
      {children === undefined ? null : <Group gap="sm">{children}</Group>}
    </Group>
  )
}
