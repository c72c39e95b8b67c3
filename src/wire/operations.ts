/** Everything that can be asked of a connection, by name: the one table behind the socket, the HTTP API, the SDK and MCP. */
import type { Operation, Params, ParamsGiven, Result } from './operation.ts'
import { accountOperations } from './operations/accounts.ts'
import { connectionOperations } from './operations/connections.ts'
import { failureOperations } from './operations/failures.ts'
import { keyOperations } from './operations/keys.ts'
import { peopleOperations } from './operations/people.ts'
import { reportOperations } from './operations/reports.ts'
import { runOperations } from './operations/run.ts'
import { searchOperations } from './operations/search.ts'
import { settingsOperations } from './operations/settings.ts'
import { skillOperations } from './operations/skills.ts'

export const operations = {
  ...runOperations,
  ...failureOperations,
  ...accountOperations,
  ...peopleOperations,
  ...skillOperations,
  ...keyOperations,
  ...searchOperations,
  ...connectionOperations,
  ...reportOperations,
  ...settingsOperations,
}

export type OperationName = keyof typeof operations

/** Whether it concerns all connections, and is the same through each. */
export function isOfInstallation(name: OperationName): boolean {
  const operation: Operation = operations[name]
  return operation.ofInstallation === true
}

export type ParamsOf<N extends OperationName> = Params<(typeof operations)[N]>
export type ParamsGivenOf<N extends OperationName> = ParamsGiven<(typeof operations)[N]>
export type ResultOf<N extends OperationName> = Result<(typeof operations)[N]>
