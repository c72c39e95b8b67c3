/** All fields of the account, to choose one from: filtered while one types, grouped by whose they are. */
import { Group, Modal, Stack, Text, TextInput, Title, UnstyledButton } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { useWords } from '../language/use-words.ts'
import { StateLabel } from '../parts/state-label.tsx'
import type { SourceField } from './find-field.ts'
import { useFieldLabel } from './use-field-label.ts'

export type FieldPickerProps = {
  readonly fields: readonly SourceField[]
  readonly isTaken: (field: SourceField) => boolean
  readonly onChoose: (field: SourceField) => void
  readonly onClose: () => void
}

const GROUPS = ['person', 'organization', 'computed'] as const

export function FieldPicker({ fields, isTaken, onChoose, onClose }: FieldPickerProps) {
  const { t } = useWords()
  const [wanted, setWanted] = useState('')
  const labelOf = useFieldLabel()
  const found = fields.filter((field) => fits(wanted, [labelOf(field), field.source, ...field.samples]))
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('mapping.picker.title')}
      closeButtonProps={{ 'aria-label': t('frame.close') }}
    >
      <Stack>
        <TextInput
          type="search"
          label={t('mapping.picker.search')}
          leftSection={<IconSearch size={16} aria-hidden />}
          data-autofocus
          autoComplete="off"
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
        <Text fz="sm" c="dimmed" role="status">
          {t('mapping.picker.found', { count: found.length, number: found.length })}
        </Text>
        {GROUPS.map((group) => (
          <FieldGroup
            key={group}
            title={t(`mapping.picker.groups.${group}`)}
            fields={found.filter((field) => field.group === group)}
            isTaken={isTaken}
            onChoose={onChoose}
          />
        ))}
      </Stack>
    </Modal>
  )
}

type FieldGroupProps = Omit<FieldPickerProps, 'onClose'> & { readonly title: string }

function FieldGroup({ title, fields, isTaken, onChoose }: FieldGroupProps) {
  const { t } = useWords()
  const labelOf = useFieldLabel()
  const id = useId()
  if (fields.length === 0) return null
  return (
    <section aria-labelledby={id}>
      <Title order={3} id={id} mb={4}>
        {title}
      </Title>
      <ul className="mapping-fields">
        {fields.map((field) => (
          <li key={field.source}>
            <UnstyledButton
              className="mapping-field"
              disabled={isTaken(field)}
              onClick={() => onChoose(field)}
            >
              <Group justify="space-between" gap="xs" wrap="nowrap">
                <Text fw={550} fz="sm">
                  {labelOf(field)}
                </Text>
                <StateLabel tone="none">
                  {isTaken(field) ? t('mapping.picker.taken') : t(`mapping.fieldTypes.${field.type}`)}
                </StateLabel>
              </Group>
              <Text className="page-value" c="dimmed" lineClamp={1}>
                {field.samples.length === 0 ? field.source : field.samples.join(' · ')}
              </Text>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  )
}

function fits(wanted: string, texts: readonly string[]): boolean {
  const text = wanted.trim().toLowerCase()
  return texts.some((one) => one.toLowerCase().includes(text))
}
