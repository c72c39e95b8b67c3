/** A Brevo list by its name, or none, or a new one that is made on the spot. */
import { Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import { useMay } from '../frame/session-context.ts'
import { useWords } from '../language/use-words.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import type { Survey } from './find-field.ts'
import { useCreateList } from './use-survey.ts'

export type ListChoiceProps = {
  readonly label: string
  readonly description?: string
  /** Null where nothing can be chosen. */
  readonly lists: Survey['brevo']['lists'] | null
  readonly value: number | null
  readonly onChange: (listId: number | null) => void
  /** What a new list may be called. */
  readonly suggestion?: string
}

const NEW = 'new'
const LONGEST_NAME = 100

export function ListChoice({ lists, ...choice }: ListChoiceProps) {
  return lists === null ? <ListName {...choice} /> : <ListSelect lists={lists} {...choice} />
}

function ListName({ label, description, value }: Omit<ListChoiceProps, 'lists'>) {
  const { t } = useWords()
  return (
    <div>
      <Text fz="sm" fw={550}>
        {label}
      </Text>
      {description === undefined ? null : (
        <Text fz="xs" c="dimmed">
          {description}
        </Text>
      )}
      <Text fz="sm">{value === null ? t('mapping.list.none') : t('mapping.list.id', { id: value })}</Text>
    </div>
  )
}

type ListSelectProps = ListChoiceProps & { readonly lists: Survey['brevo']['lists'] }

function ListSelect({ lists, value, onChange, suggestion = '', ...input }: ListSelectProps) {
  const { t } = useWords()
  const mayCreate = useMay('admin')
  const [naming, setNaming] = useState(false)
  const select = useRef<HTMLSelectElement>(null)
  const close = (): void => {
    setNaming(false)
    select.current?.focus()
  }
  const known = value === null || lists.some(({ id }) => id === value)
  return (
    <>
      <NativeSelect
        {...input}
        ref={select}
        value={value === null ? '' : String(value)}
        onChange={({ currentTarget: { value: chosen } }) => {
          if (chosen === NEW) setNaming(true)
          else onChange(chosen === '' ? null : Number(chosen))
        }}
        data={[
          { value: '', label: t('mapping.list.none') },
          ...(known ? [] : [{ value: String(value), label: t('mapping.list.id', { id: value }) }]),
          ...lists.map(({ id, name }) => ({ value: String(id), label: name })),
          ...(mayCreate ? [{ value: NEW, label: t('mapping.list.new') }] : []),
        ]}
      />
      {naming ? (
        <NewList
          suggestion={suggestion}
          onMade={(id) => {
            close()
            onChange(id)
          }}
          onClose={close}
        />
      ) : null}
    </>
  )
}

type NewListProps = {
  readonly suggestion: string
  readonly onMade: (listId: number) => void
  readonly onClose: () => void
}

function NewList({ suggestion, onMade, onClose }: NewListProps) {
  const { t } = useWords()
  const [name, setName] = useState(suggestion)
  const create = useCreateList()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    // The form that the list is chosen in is not meant.
    event.stopPropagation()
    // What is refused is shown below, with the name as it was typed.
    void create.startAsync({ name: name.trim() }).then(
      ({ id }) => onMade(id),
      () => undefined,
    )
  }
  return (
    <Modal
      opened
      onClose={onClose}
      centered
      title={t('mapping.list.newTitle')}
      closeButtonProps={{ 'aria-label': t('frame.close') }}
    >
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={t('mapping.list.name')}
            description={t('mapping.list.nameHelp')}
            required
            data-autofocus
            maxLength={LONGEST_NAME}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {create.problem === null ? null : <ProblemNotice problem={create.problem} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('frame.cancel')}
            </Button>
            <Button type="submit" loading={create.running} disabled={name.trim() === ''}>
              {t('mapping.list.make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
