/** Why an account was not connected, with what to do about it there, where it is likely to happen. */
import type { Problem } from '../api/problem.ts'
import { useWords } from '../language/use-words.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'

export type RefusalProps = { readonly problem: Problem; readonly onRetry?: () => void }

export function Refusal({ problem, onRetry }: RefusalProps) {
  const { t, lookUp } = useWords()
  const text = lookUp(`connect.refusals.${problem.code}`)
  return (
    <ProblemNotice
      title={t('connect.refused')}
      problem={problem}
      {...(text !== null && { text })}
      {...(onRetry && { onRetry })}
    />
  )
}
