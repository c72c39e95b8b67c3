/** In place of a view whose file did not come. A browser does not ask for it twice: the page is loaded again once the server answers. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Problem } from '../api/problem.ts'
import { sessionQuery } from '../api/session.ts'
import { ProblemNotice } from './problem-notice.tsx'

/** A server that answers, and has no such file, must not have the page load for ever. */
const ONCE_IN_MS = 30_000
const LAST = 'tajo.loadedAgainAt'

export function Unfetched({ problem }: { problem: Problem }) {
  const [since] = useState(Date.now)
  const { dataUpdatedAt, refetch } = useQuery({ ...sessionQuery, refetchInterval: false })
  useEffect(() => void refetch(), [refetch])
  useEffect(() => {
    if (dataUpdatedAt > since) loadAgain()
  }, [dataUpdatedAt, since])
  return <ProblemNotice problem={problem} onRetry={() => location.reload()} />
}

function loadAgain(): void {
  if (Date.now() - Number(sessionStorage.getItem(LAST)) < ONCE_IN_MS) return
  sessionStorage.setItem(LAST, String(Date.now()))
  location.reload()
}
