/** In place of a view whose file did not come. A browser does not ask for it twice: the page is loaded again once the server is back. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { Problem } from '../api/problem.ts'
import { sessionQuery } from '../api/session.ts'
import { ProblemNotice } from './problem-notice.tsx'

export function Unfetched({ problem }: { problem: Problem }) {
  const { isError, refetch } = useQuery({ ...sessionQuery, refetchInterval: false })
  const isLost = useRef(false)
  useEffect(() => void refetch(), [refetch])
  useEffect(() => {
    if (isLost.current && !isError) location.reload()
    isLost.current = isError
  }, [isError])
  return <ProblemNotice problem={problem} onRetry={() => location.reload()} />
}
