/** Which record something is about, with a way to the person's page where it is about one. */
import { Anchor } from '@mantine/core'
import { Link } from 'wouter'
import { useWords } from '../language/use-words.ts'
import type { Failure } from './failure-text.tsx'

const UNREADABLE = 'unreadable '

export function useRecordName(): (entity: string, id: string) => string {
  const { t, lookUp } = useWords()
  const name = (entity: string, id: string): string =>
    lookUp(`failures.entity.${entity.replaceAll(' ', '_')}`, { id }) ??
    t('failures.entity.other', { entity, id })
  return (entity, id) =>
    entity.startsWith(UNREADABLE)
      ? t('failures.unreadable', { record: name(entity.slice(UNREADABLE.length), id) })
      : name(entity, id)
}

/** Those whose number is a person's. */
const PERSONS = ['person', 'person edit']

export function RecordName({ failure: { entity, id } }: { failure: Failure }) {
  const name = useRecordName()(entity, id)
  return PERSONS.includes(entity) ? (
    <Anchor component={Link} href={`/contacts/${encodeURIComponent(id)}`} style={{ whiteSpace: 'nowrap' }}>
      {name}
    </Anchor>
  ) : (
    <span style={{ overflowWrap: 'anywhere' }}>{name}</span>
  )
}
