/** The name, with the two arrows of a sync. */
import { Group, Text } from '@mantine/core'

export function Logo() {
  return (
    <Group gap={8} wrap="nowrap">
      <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="#2f4cc4" />
        <path
          d="M7 12h11.5a4.5 4.5 0 0 1 0 9H16m4 4-4-4 4-4M11 8l-4 4 4 4"
          fill="none"
          stroke="#fff"
          strokeWidth="3"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      <Text fw={700} fz="lg" lh={1}>
        Tajo
      </Text>
    </Group>
  )
}
