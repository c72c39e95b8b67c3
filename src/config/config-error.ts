/**
 * The one error of this room: every fault of a configuration at once, each with its place. It never
 * carries a credential, nor the value of an environment variable.
 */
import { TajoError } from '../base/error.ts'

/** One thing that is wrong. `line` and `column` count from 1; null when it does not stand in the file. */
export type ConfigFault = Readonly<{
  message: string
  /** The setting (`connectors.pipedrive.sync_mode`, `webhooks[0].brevo_event`) or the variable's name. */
  path: string
  line: number | null
  column: number | null
  /** What was probably meant, ready to be typed. */
  suggestion?: string
}>

const SHOWN_FAULTS = 50

/**
 * Codes: `config_invalid` (with at least one fault) and `config_missing` (the file is not there).
 * Disposition `pause`: somebody has to edit something.
 */
export class ConfigError extends TajoError {
  readonly faults: readonly ConfigFault[]
  /** The file as the user would name it, or `environment`. */
  readonly file: string

  constructor(options: {
    code?: 'config_invalid' | 'config_missing'
    file: string
    faults?: readonly ConfigFault[]
    message?: string
    cause?: unknown
  }) {
    const faults = options.faults ?? []
    super({
      code: options.code ?? 'config_invalid',
      message: options.message ?? faultsText(options.file, faults),
      disposition: 'pause',
      details: { file: options.file, faults: faults.map((fault) => faultText(options.file, fault)) },
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    })
    this.file = options.file
    this.faults = faults
  }
}

/** `tajo.yaml:10:8 connectors.pipedrive.sync_mode: expected ...; found "fast". Did you mean "x"?` */
export function faultText(file: string, fault: ConfigFault): string {
  if (fault.line === null && fault.path === '') return `${file}: ${fault.message}`
  const place = fault.line === null ? 'environment' : `${file}:${fault.line}:${fault.column}`
  const setting = fault.path === '' ? '' : ` ${fault.path}:`
  const hint = fault.suggestion === undefined ? '' : `. Did you mean "${fault.suggestion}"?`
  return `${place}${setting} ${fault.message}${hint}`
}

function faultsText(file: string, faults: readonly ConfigFault[]): string {
  const shown = faults.slice(0, SHOWN_FAULTS).map((fault) => faultText(file, fault))
  const more = faults.length - shown.length
  if (more > 0) shown.push(`... and ${more} more`)
  return shown.join('\n')
}
