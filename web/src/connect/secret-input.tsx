/** A field for what nobody else may read: browsers are asked not to keep it. */
import { PasswordInput } from '@mantine/core'
import { useWords } from '../language/use-words.ts'

export type SecretInputProps = {
  readonly label: string
  readonly description: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly error?: string | null
}

export function SecretInput({ onChange, error = null, ...input }: SecretInputProps) {
  const { t } = useWords()
  return (
    <PasswordInput
      {...input}
      error={error}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      data-1p-ignore
      visibilityToggleButtonProps={{ 'aria-label': t('connect.account.show') }}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
