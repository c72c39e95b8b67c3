/** Logging in with an API key. The key leaves the field for the server and is kept nowhere. */
import { Box, Button, Center, Group, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import { toProblem } from '../api/problem.ts'
import { logIn, sessionQuery } from '../api/session.ts'
import { Logo } from '../frame/logo.tsx'
import { PreferencesMenu } from '../frame/preferences-menu.tsx'
import { useWords } from '../language/use-words.ts'
import { useProblemText } from '../parts/problem-notice.tsx'

export function LoginView() {
  const { t } = useWords()
  const queries = useQueryClient()
  const [key, setKey] = useState('')
  const [empty, setEmpty] = useState(false)
  const enter = useMutation({
    mutationFn: logIn,
    onSuccess: (session) => {
      setKey('')
      queries.setQueryData(sessionQuery.queryKey, session)
    },
  })
  const refusal = useRefusal(enter.error)
  useEffect(() => {
    document.title = `${t('login.title')} · Tajo`
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const given = key.trim()
    setEmpty(given === '')
    if (given !== '') enter.mutate(given)
  }
  return (
    <Box mih="100vh">
      <Group component="header" justify="space-between" p="md">
        <Logo />
        <PreferencesMenu />
      </Group>
      <Center component="main" px="md" pt={{ base: 32, sm: '10vh' }}>
        <Stack w="100%" maw={420} gap="lg">
          <Stack gap={6}>
            <Title order={1}>{t('login.title')}</Title>
            <Text c="dimmed">{t('login.lead')}</Text>
          </Stack>
          <Paper className="page-panel" component="form" p="lg" radius="lg" onSubmit={submit}>
            <Stack>
              <PasswordInput
                label={t('login.key')}
                description={t('login.keyHelp')}
                autoComplete="current-password"
                spellCheck={false}
                autoFocus
                size="md"
                value={key}
                onChange={(event) => setKey(event.currentTarget.value)}
                error={empty ? t('login.empty') : refusal}
              />
              <Button type="submit" size="md" loading={enter.isPending}>
                {t('login.enter')}
              </Button>
            </Stack>
          </Paper>
        </Stack>
      </Center>
    </Box>
  )
}

/** Why the server did not let one in; else whether a used-up link led here. */
function useRefusal(error: Error | null): string | null {
  const { t } = useWords()
  const problem = error === null ? null : toProblem(error)
  const other = useProblemText(problem ?? toProblem(''))
  if (problem === null) return new URLSearchParams(location.search).has('link') ? t('login.linkUsed') : null
  if (problem.status === 401) return t('login.wrong')
  if (problem.status === 429) return t('login.limited')
  return other
}
