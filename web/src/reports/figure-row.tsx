/** A report's main figures, side by side. */
import { Paper, SimpleGrid, Text } from '@mantine/core'

export type Figure = {
  readonly name: string
  readonly value: string
  readonly notes: readonly (string | null)[]
}

export function FigureRow({ figures }: { figures: readonly Figure[] }) {
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, xl: figures.length }} spacing="md">
      {figures.map(({ name, value, notes }) => (
        <Paper key={name} className="page-panel" p="md" radius="lg">
          <Text fz="sm" c="dimmed">
            {name}
          </Text>
          <Text fz="clamp(1.0625rem, 4.6vw, 1.5rem)" fw={650} lh={1.35} className="page-figure">
            {value}
          </Text>
          {notes
            .filter((note) => note !== null)
            .map((note) => (
              <Text key={note} fz="xs" c="dimmed">
                {note}
              </Text>
            ))}
        </Paper>
      ))}
    </SimpleGrid>
  )
}
