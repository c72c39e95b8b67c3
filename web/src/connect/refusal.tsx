/** Why an account was not connected: in the viewer's words where it is likely to happen, else in the server's. */
import { Problem } from '../api/problem.ts'
import { useWords } from '../language/use-words.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'

export type RefusalProps = { readonly problem: Problem; readonly onRetry?: () => void }

export function Refusal({ problem, onRetry }: RefusalProps) {
  const { t, lookUp } = useWords()
  const { code, status, message } = problem
  const detail = lookUp(`connect.refusals.${code}`) ?? message
  return (
    <ProblemNotice
      title={t('connect.refused')}
      problem={new Problem({ code, status, detail })}
      {...(onRetry && { onRetry })}
    />
  )
}
