/** Who is logged in. The key itself is only ever sent, never kept: the server answers with a cookie that scripts cannot read. */
import { queryOptions } from '@tanstack/react-query'
import type { Scope } from '../../../src/wire/index.ts'
import { readAnswer, send } from './call.ts'
import { Problem } from './problem.ts'

export type Session = {
  readonly name: string
  readonly scope: Scope
  /** The only connection that this session opens; null: all of the server's. */
  readonly connection: string | null
  /** The names of those it opens. */
  readonly connections: readonly string[]
}

const RANK: Readonly<Record<Scope, number>> = { read: 0, operate: 1, admin: 2 }

export function mayDo(session: Pick<Session, 'scope'>, scope: Scope): boolean {
  return RANK[session.scope] >= RANK[scope]
}

const LOOK_EVERY_MS = 10_000
const LOST_EVERY_MS = 3_000

/** Null: nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return (await readAnswer(await send('/api/session', { method: 'GET', signal }))) as Session
    } catch (thrown) {
      if (thrown instanceof Problem && thrown.status === 401) return null
      throw thrown
    }
  },
  staleTime: 60_000,
  // A view that asks nothing by itself would not notice that the server is gone, or back.
  refetchInterval: ({ state: { data, status } }) =>
    data == null ? false : status === 'error' ? LOST_EVERY_MS : LOOK_EVERY_MS,
})

export async function logIn(apiKey: string): Promise<Session> {
  const body = JSON.stringify({ apiKey })
  return (await readAnswer(await send('/api/session', { method: 'POST', body }))) as Session
}

export async function logOut(): Promise<void> {
  const response = await send('/api/session', { method: 'DELETE' })
  if (!response.ok && response.status !== 401) await readAnswer(response)
}
