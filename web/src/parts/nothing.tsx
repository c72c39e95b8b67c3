/** A place with nothing in it: what it is for, and what to do next. */
import { Center, Stack, Text, Title } from '@mantine/core'
import type { TablerIcon } from '@tabler/icons-react'
import type { ReactNode } from 'react'

export type NothingProps = {
  readonly icon: TablerIcon
  readonly title: string
  readonly text: string
  readonly children?: ReactNode
}

export function Nothing({ icon: Icon, title, text, children }: NothingProps) {
  return (
    <Center py={64} px="md">
      <Stack align="center" gap="xs" maw={440}>
        <Icon size={40} stroke={1.3} color="var(--mantine-color-dimmed)" aria-hidden />
        <Title order={2} ta="center" fz="lg">
          {title}
        </Title>
        <Text c="dimmed" ta="center">
          {text}
        </Text>
        {children}
      </Stack>
    </Center>
  )
}
