/** What is wrong with a question to a report, and what could be asked instead. */
import { TajoError } from '../base/error.ts'
import { nearestName } from '../base/suggest.ts'

/** `report_invalid`: the question makes no sense as it is. */
export function invalid(message: string): TajoError {
  return new TajoError({ code: 'report_invalid', disposition: 'reject', message })
}

/** `report_unknown`: there is nothing of that name. */
export function unknown(what: string, asked: string, names: readonly string[]): TajoError {
  const near = nearestName(asked, names)
  const hint =
    near !== undefined
      ? `Did you mean ${JSON.stringify(near)}?`
      : names.length === 0
        ? 'There is none.'
        : `There are ${names
            .slice(0, 12)
            .map((name) => JSON.stringify(name))
            .join(', ')}${names.length > 12 ? ', ...' : ''}.`
  return new TajoError({
    code: 'report_unknown',
    disposition: 'reject',
    message: `There is no ${what} ${JSON.stringify(asked)}. ${hint}`,
  })
}

/** `report_too_early`: nothing was read yet. */
export function tooEarly(): TajoError {
  return new TajoError({
    code: 'report_too_early',
    disposition: 'pause',
    message: 'There is nothing to report on before the first sync. Run `tajo sync`, then this again.',
  })
}
