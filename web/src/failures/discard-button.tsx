/** Stops trying records, after saying what that means. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useDo } from '../api/use-operation.ts'
import { useWords } from '../language/use-words.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import type { Selection } from './failures-view.tsx'

export type DiscardButtonProps = {
  readonly selection: Selection
  readonly count: number
  readonly label: string
  readonly onDone?: () => void
}

export function DiscardButton({ selection, count, label, onDone }: DiscardButtonProps) {
  const { t, number } = useWords()
  const [opened, { open, close }] = useDisclosure(false)
  const discard = useDo('failures.discard')
  const confirm = async (): Promise<void> => {
    await discard.startAsync({ selection })
    close()
    onDone?.()
  }
  return (
    <>
      <Button variant="subtle" color="red" c="var(--page-bad)" size="sm" onClick={open}>
        {label}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={t('failures.discardTitle')}
        centered
        closeButtonProps={{ 'aria-label': t('frame.close') }}
      >
        <Stack>
          <Text>{t('failures.discardText', { count, number: number(count) })}</Text>
          {discard.problem === null ? null : <ProblemNotice problem={discard.problem} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('frame.cancel')}
            </Button>
            {/* What is refused is shown above. */}
            <Button
              color="red.9"
              loading={discard.running}
              onClick={() => void confirm().catch(() => undefined)}
            >
              {t('failures.discardConfirm')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
