/** Tries records again; where they are many, after saying how many they are and what that costs. */
import { Button, type ButtonProps, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useWords } from '../language/use-words.ts'
import type { Selection } from './failures-view.tsx'

export type RetryButtonProps = Pick<ButtonProps, 'variant' | 'size' | 'leftSection' | 'disabled'> & {
  readonly selection: Selection
  /** How many records that is. */
  readonly count: number
  readonly label: string
  readonly onRetry: (selection: Selection) => void
}

/** More than these are worth a question. */
const MANY = 100
/** What Brevo takes on its smallest plan. */
const PER_SECOND = 10

export function RetryButton({ selection, count, label, onRetry, ...looks }: RetryButtonProps) {
  const { t, number, duration } = useWords()
  const [opened, { open, close }] = useDisclosure(false)
  const start = (): void => {
    close()
    onRetry(selection)
  }
  return (
    <>
      <Button {...looks} onClick={count > MANY ? open : start}>
        {label}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={t('failures.retryTitle', { count, number: number(count) })}
        centered
        closeButtonProps={{ 'aria-label': t('frame.close') }}
      >
        <Stack>
          <Text>{t('failures.retryMended')}</Text>
          <Text>
            {t('failures.retryCost', {
              count,
              number: number(count),
              time: duration(count / PER_SECOND),
            })}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('frame.cancel')}
            </Button>
            <Button onClick={start}>{t('failures.retryConfirm')}</Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
