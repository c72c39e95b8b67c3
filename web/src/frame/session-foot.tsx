/** Whose session it is, and the way out of it. */
import { Button, Stack, Text } from '@mantine/core'
import { IconLogout } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { logOut, type Session, sessionQuery } from '../api/session.ts'
import { useWords } from '../language/use-words.ts'

export function SessionFoot({ session }: { session: Session }) {
  const { t } = useWords()
  const queries = useQueryClient()
  const leave = useMutation({
    mutationFn: logOut,
    onSuccess: () => {
      queries.setQueryData(sessionQuery.queryKey, null)
      queries.removeQueries({ queryKey: ['operation'] })
    },
  })
  return (
    <Stack gap={4} pt="sm" style={{ borderTop: '1px solid var(--page-line)' }}>
      <Text fz="xs" c="dimmed" px="xs">
        {t('frame.loggedInAs', { name: session.name })}
        <br />
        {t(`frame.scope.${session.scope}`)}
      </Text>
      <Button
        variant="subtle"
        color="gray"
        c="var(--mantine-color-text)"
        justify="flex-start"
        size="sm"
        px="xs"
        leftSection={<IconLogout size={16} aria-hidden />}
        loading={leave.isPending}
        onClick={() => leave.mutate()}
      >
        {t('frame.logOut')}
      </Button>
    </Stack>
  )
}
