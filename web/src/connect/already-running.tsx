/** A connection that is set up already: what somebody who came here may have wanted. */
import { Button, Group, Stack, Text } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import { Link } from 'wouter'
import type { ResultOf } from '../../../src/wire/index.ts'
import { useWords } from '../language/use-words.ts'
import { Nothing } from '../parts/nothing.tsx'

export function AlreadyRunning({ hold }: Pick<ResultOf<'status.read'>, 'hold'>) {
  const { t } = useWords()
  return (
    <Nothing
      icon={IconPlugConnected}
      title={t('connect.running.title')}
      text={t(hold === null ? 'connect.running.text' : 'connect.running.paused')}
    >
      <Stack gap="sm" align="center" pt="sm">
        <Group gap="sm" justify="center">
          <Button component={Link} href="/mapping">
            {t('connect.running.mapping')}
          </Button>
          <Button component={Link} href="/" variant="default">
            {t('connect.running.overview')}
          </Button>
        </Group>
        <Group gap="xs" justify="center">
          <Text fz="sm" c="dimmed">
            {t('connect.running.exchange')}
          </Text>
          {(['pipedrive', 'brevo'] as const).map((name) => (
            <Button key={name} component={Link} href={`/connect/${name}`} size="compact-sm" variant="subtle">
              {t(`connect.steps.${name}`)}
            </Button>
          ))}
        </Group>
      </Stack>
    </Nothing>
  )
}
