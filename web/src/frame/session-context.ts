/** The session that the views are shown to. */
import { createContext, useContext } from 'react'
import type { Scope } from '../../../src/wire/index.ts'
import { mayDo, type Session } from '../api/session.ts'

export const SessionContext = createContext<Session>({
  name: '',
  scope: 'read',
  connection: null,
  connections: [],
})

export function useSession(): Session {
  return useContext(SessionContext)
}

/** Whether this session may do what needs that scope; what it may not do is not offered. */
export function useMay(scope: Scope): boolean {
  return mayDo(useSession(), scope)
}
