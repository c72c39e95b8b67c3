/** One row: a field with its values on the left, its attribute on the right, and below both what is wrong with it. */
import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconArrowRight, IconTrash } from '@tabler/icons-react'
import { useWords } from '../language/use-words.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { StateLabel } from '../parts/state-label.tsx'
import { toTarget } from './draft-state.ts'
import type { RowView } from './join-rows.ts'
import { ProblemList } from './problem-list.tsx'
import { Samples } from './samples.tsx'
import { useFieldLabel } from './use-field-label.ts'
import { useCreateAttribute } from './use-survey.ts'

export type MappingRowProps = {
  readonly row: RowView
  /** Of the `<datalist>` with the attributes that there are. */
  readonly suggestions: string
  readonly editable: boolean
  readonly mayCreate: boolean
  readonly onRetarget: (target: string) => void
  readonly onRemove: () => void
}

/** Where a row is found to be looked at or typed into. */
export function targetId(source: string): string {
  return `mapping-target-${source}`
}

const CREATABLE = ['text', 'date', 'float', 'boolean'] as const

export function MappingRow({ row, suggestions, editable, mayCreate, onRetarget, onRemove }: MappingRowProps) {
  const { t } = useWords()
  const labelOf = useFieldLabel()
  const { source, target, field, identity, problems } = row
  const label = field === null ? source : labelOf(field)
  const id = targetId(source)
  const unfinished = target.trim() === ''
  return (
    <li className="mapping-row" aria-label={label}>
      <Stack gap={2} align="flex-start">
        <Text fw={550} fz="sm">
          {label}
        </Text>
        {label === source ? null : (
          <Text className="page-value" c="dimmed" title={source} lineClamp={2}>
            {source}
          </Text>
        )}
        {field === null ? null : <StateLabel tone="none">{t(`mapping.fieldTypes.${field.type}`)}</StateLabel>}
      </Stack>
      {editable ? <Samples samples={row.samples} /> : <span />}
      <IconArrowRight className="mapping-arrow" size={18} stroke={1.5} aria-hidden />
      <Stack gap={4} align="flex-start">
        {identity || !editable ? (
          <Text className="page-value" fw={550} id={id} tabIndex={-1}>
            {target}
          </Text>
        ) : (
          <TextInput
            id={id}
            w="100%"
            size="sm"
            aria-label={t('mapping.rows.target', { field: label })}
            aria-describedby={problems.length > 0 ? `${id}-problems` : undefined}
            classNames={{ input: 'page-value' }}
            list={suggestions}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            placeholder={t('mapping.rows.targetPlaceholder')}
            error={
              unfinished ? t('mapping.rows.unfinished') : problems.some((one) => one.severity === 'error')
            }
            value={target}
            onChange={(event) => onRetarget(event.currentTarget.value)}
            onBlur={() => onRetarget(toTarget(target))}
          />
        )}
        {identity ? (
          <Text fz="sm" c="dimmed">
            {t('mapping.rows.identity')}
          </Text>
        ) : (
          <AttributeNote row={row} mayCreate={mayCreate} />
        )}
      </Stack>
      {editable && !identity ? (
        <ActionIcon
          className="mapping-remove"
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t('mapping.rows.remove', { field: label })}
          onClick={onRemove}
        >
          <IconTrash size={18} stroke={1.6} aria-hidden />
        </ActionIcon>
      ) : null}
      <ProblemList problems={problems} id={`${id}-problems`} />
    </li>
  )
}

function AttributeNote({ row, mayCreate }: { row: RowView; mayCreate: boolean }) {
  const { t } = useWords()
  const create = useCreateAttribute()
  const { type, missing } = row
  if (type === null) return null
  const creatable = CREATABLE.find((one) => one === type)
  return (
    <>
      <Group gap="xs">
        <Text fz="sm" c="dimmed">
          {t(`mapping.types.${type}`)}
          {missing ? ` · ${t('mapping.rows.missing')}` : null}
        </Text>
        {missing && mayCreate && creatable !== undefined ? (
          <Button
            size="compact-xs"
            variant="default"
            loading={create.running}
            onClick={() =>
              // What is refused is shown below.
              void create.startAsync({ name: toTarget(row.target), type: creatable }).catch(() => undefined)
            }
          >
            {t('mapping.rows.create')}
          </Button>
        ) : null}
      </Group>
      {create.problem === null ? null : <ProblemNotice problem={create.problem} />}
    </>
  )
}
