/**
 * Connecting an account. Before the first one of an installation the server is told to wait, so that it does not begin
 * with defaults. What is sent is secret: it is in no cache, and gone from here when it was sent.
 */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ParamsGivenOf, ResultOf } from '../../../src/wire/index.ts'
import { call } from '../api/call.ts'
import { type Problem, toProblem } from '../api/problem.ts'
import { useConnection } from '../api/use-operation.ts'
import { forgetDraft } from '../mapping/kept-draft.ts'

type Connecting =
  | 'connectors.connectPipedrive'
  | 'connectors.connectBrevo'
  | 'connectors.connectBrevoApp'
  | 'oauth.begin'

export type Account = {
  readonly running: boolean
  readonly problem: Problem | null
  /** Null: it was refused, and why is in `problem`. */
  readonly connect: <N extends Connecting>(name: N, params: ParamsGivenOf<N>) => Promise<ResultOf<N> | null>
}

export function useAccount(toHold: boolean): Account {
  const connection = useConnection()
  const queries = useQueryClient()
  const [running, setRunning] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  return {
    running,
    problem,
    async connect(name, params) {
      setRunning(true)
      setProblem(null)
      try {
        if (toHold) await call('hold.begin', { because: 'setup' }, connection)
        return await call(name, params, connection)
      } catch (thrown) {
        setProblem(toProblem(thrown))
        return null
      } finally {
        setRunning(false)
        await queries.invalidateQueries({ queryKey: ['operation'] })
      }
    },
  }
}

/** What was chosen for one account, and what it offers, says nothing of another. */
export function useForgetting(): () => void {
  const connection = useConnection()
  const queries = useQueryClient()
  return () => {
    forgetDraft(connection)
    queries.removeQueries({ queryKey: ['survey', connection] })
  }
}
