/** Lets in who has a session; asks everybody else for a key. */
import { Center, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { toProblem } from '../api/problem.ts'
import { sessionQuery } from '../api/session.ts'
import { useWords } from '../language/use-words.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { Shell } from './shell.tsx'

const LoginView = lazy(async () => ({ default: (await import('../login/login-view.tsx')).LoginView }))

export function Gate() {
  const session = useQuery(sessionQuery)
  // A session that cannot be asked for again stays: the frame says that the server is lost.
  if (session.data === undefined)
    return session.isPending ? (
      <Waiting />
    ) : (
      <Center component="main" mih="100vh" p="md">
        <ProblemNotice problem={toProblem(session.error)} onRetry={() => void session.refetch()} />
      </Center>
    )
  if (session.data !== null) return <Shell session={session.data} />
  return (
    <Suspense fallback={<Waiting />}>
      <LoginView />
    </Suspense>
  )
}

function Waiting() {
  const { t } = useWords()
  return (
    <Center mih="100vh">
      <Loader aria-label={t('frame.loading')} />
    </Center>
  )
}
