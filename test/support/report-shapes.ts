/** The shapes in which reports are promised to programs. */
import { operations } from '../../src/wire/index.ts'

export const reportShapes = {
  pipeline: operations['reports.pipeline'].result,
  attribution: operations['reports.attribution'].result,
}
