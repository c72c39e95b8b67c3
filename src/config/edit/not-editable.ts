/** The refusal of an edit: what cannot be changed by program without changing something else, and where it stands. */
import { TajoError } from '../../base/error.ts'
import { type ConfigError, faultText } from '../config-error.ts'

/** `why` completes "`path` ...": "comes from an alias". */
export function notEditable(path: string, line: number | null, why: string): TajoError {
  const where = line === null ? '' : ` (line ${line})`
  return new TajoError({
    code: 'settings_not_editable',
    message: `${path}${where} ${why}. Nothing was changed: edit the file by hand.`,
    details: { path, line },
  })
}

/** Of a text that does not load: nobody knows what it means as it stands. */
export function faultsFirst(error: ConfigError): TajoError {
  const faults = error.faults.map((fault) => faultText(error.file, fault))
  return new TajoError({
    code: 'settings_not_editable',
    message: `The settings have faults. Nothing was changed: correct them by hand first.\n${error.message}`,
    details: { path: '', line: error.faults[0]?.line ?? null, faults },
    cause: error,
  })
}
