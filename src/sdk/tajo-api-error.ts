/** What a server answered instead of a result. */
import { TajoError, type TajoErrorOptions } from '../base/error.ts'

export class TajoApiError extends TajoError {
  /** Of the HTTP answer. */
  readonly status: number

  constructor(options: TajoErrorOptions & { status: number }) {
    super(options)
    this.status = options.status
  }
}
