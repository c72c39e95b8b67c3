/** Which connection is looked at, where the session opens several. With one there is nothing to choose. */
import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import type { Session } from '../api/session.ts'
import { useConnection } from '../api/use-operation.ts'
import { useWords } from '../language/use-words.ts'
import { useSession } from './session-context.ts'

const KEPT_AS = 'tajo-connection'

/** Null: the server's own. A session of one connection has no other. */
export function useChosenConnection(session: Session): [string | null, (name: string) => void] {
  const [chosen, setChosen] = useState(() => sessionStorage.getItem(KEPT_AS))
  const known = chosen !== null && session.connections.includes(chosen) ? chosen : null
  return [
    session.connection ?? known,
    (name) => {
      sessionStorage.setItem(KEPT_AS, name)
      setChosen(name)
    },
  ]
}

export function ConnectionSwitch({ onChoose }: { onChoose: (name: string) => void }) {
  const { t } = useWords()
  const { connections } = useSession()
  const connection = useConnection()
  if (connections.length < 2) return null
  const own = connections.includes('default') ? 'default' : (connections[0] ?? '')
  return (
    <NativeSelect
      aria-label={t('frame.connection')}
      size="sm"
      value={connection ?? own}
      data={[...connections]}
      onChange={(event) => onChoose(event.currentTarget.value)}
    />
  )
}
