/** What is said between Tajo and the outside: operations with their shapes. */
export type { Operation, Operations, Scope } from './operation.ts'
export {
  isOfInstallation,
  type OperationName,
  operations,
  type ParamsGivenOf,
  type ParamsOf,
  type ResultOf,
} from './operations.ts'
export type { Progress } from './shapes/run.ts'
