/** Which connection is looked at, where the server has several. With one there is nothing to choose. */
import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { readAnswer, send } from '../api/call.ts'
import { useConnection } from '../api/use-operation.ts'
import { useWords } from '../language/use-words.ts'

const KEPT_AS = 'tajo-connection'

/** Null: the server's own. */
export function useChosenConnection(): [string | null, (name: string | null) => void] {
  const [chosen, setChosen] = useState(() => sessionStorage.getItem(KEPT_AS))
  return [
    chosen,
    (name) => {
      if (name === null) sessionStorage.removeItem(KEPT_AS)
      else sessionStorage.setItem(KEPT_AS, name)
      setChosen(name)
    },
  ]
}

export function useConnections(): readonly string[] {
  const { data } = useQuery({
    queryKey: ['connections'],
    queryFn: async ({ signal }) =>
      (await readAnswer(await send('/api/connections', { method: 'GET', signal }))) as readonly {
        name: string
      }[],
    staleTime: 60_000,
    retry: false,
  })
  return data?.map(({ name }) => name) ?? []
}

export function ConnectionSwitch({ onChoose }: { onChoose: (name: string | null) => void }) {
  const { t } = useWords()
  const names = useConnections()
  const connection = useConnection()
  if (names.length < 2) return null
  return (
    <NativeSelect
      aria-label={t('frame.connection')}
      size="sm"
      value={connection ?? names[0] ?? ''}
      data={[...names]}
      onChange={(event) => onChoose(event.currentTarget.value)}
    />
  )
}
