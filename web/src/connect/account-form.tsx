/** A form with credentials of one account: what is asked, what was refused, and the button. */
import { Button, Group, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { useWords } from '../language/use-words.ts'
import { Refusal } from './refusal.tsx'
import type { useAccount } from './use-account.ts'

export type AccountFormProps = {
  readonly account: Pick<ReturnType<typeof useAccount>, 'problem' | 'running'>
  readonly disabled?: boolean
  readonly onSubmit: () => Promise<void>
  readonly children: ReactNode
}

export function AccountForm({ account, disabled = false, onSubmit, children }: AccountFormProps) {
  const { t } = useWords()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void onSubmit()
      }}
    >
      <Stack maw={560}>
        {children}
        {account.problem === null ? null : <Refusal problem={account.problem} />}
        <Group justify="flex-end">
          <Button type="submit" disabled={disabled} loading={account.running}>
            {t('connect.account.connect')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
