/** Lets in who has a session; asks everybody else for a key. */
import { Center, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { toProblem } from '../api/problem.ts'
import { sessionQuery } from '../api/session.ts'
import { useWords } from '../language/use-words.ts'
import { LoginView } from '../login/login-view.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { Shell } from './shell.tsx'

export function Gate() {
  const { t } = useWords()
  const session = useQuery(sessionQuery)
  if (session.isPending)
    return (
      <Center mih="100vh">
        <Loader aria-label={t('frame.loading')} />
      </Center>
    )
  if (session.isError)
    return (
      <Center component="main" mih="100vh" p="md">
        <ProblemNotice problem={toProblem(session.error)} onRetry={() => void session.refetch()} />
      </Center>
    )
  return session.data === null ? <LoginView /> : <Shell session={session.data} />
}
