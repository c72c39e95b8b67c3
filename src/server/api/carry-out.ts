/**
 * Calls one operation for one request: the answer as JSON, or, where it may take long and was asked for so, as events
 * `progress` and `notice` before `result` or `problem`. Whoever hangs up stops the work.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { asError, TajoError } from '../../base/error.ts'
import { callOperation, type Service } from '../../service/index.ts'
import { type Operation, type OperationName, operations } from '../../wire/index.ts'
import { type Problem, problemText } from '../problem.ts'
import { toProblem } from './error-problem.ts'
import { type EventStream, openEventStream } from './event-stream.ts'

/** `gone`: the asker went away; `sent`: all of it is answered. */
export type Outcome = Problem | { readonly result: unknown } | 'gone' | 'sent'

export type Call = {
  readonly name: OperationName
  readonly service: Service
  readonly params: unknown
  /** Aborted when the server stops. */
  readonly stop: AbortSignal
  readonly onFault: (thrown: unknown) => void
}

export async function carryOut(
  request: IncomingMessage,
  response: ServerResponse,
  { name, service, params, stop, onFault }: Call,
): Promise<Outcome> {
  const own = new AbortController()
  const leave = (): void => own.abort(new DOMException('The asker hung up', 'AbortError'))
  response.on('close', leave)
  const streamed = canStream(name) && /\btext\/event-stream\b/.test(request.headers.accept ?? '')
  // It begins with the first event, so that what is refused at once is a plain problem.
  let open: EventStream | null = null
  const stream = (): EventStream => {
    open ??= openEventStream(response)
    return open
  }
  try {
    const result = await callOperation(service, name, params, {
      signal: AbortSignal.any([own.signal, stop]),
      onProgress: (progress) => streamed && stream().sendIfIdle('progress', progress),
      onNotice: (text) => streamed && stream().send('notice', { text }),
    })
    if (!streamed) return { result: result ?? null }
    stream().send('result', result ?? null)
    stream().end()
    return 'sent'
  } catch (thrown) {
    if (own.signal.aborted) return 'gone'
    const error = stop.aborted && !(thrown instanceof TajoError) ? stopping(thrown) : thrown
    if (open === null) throw error
    const problem = toProblem(error)
    if (problem.status === 500) onFault(error)
    stream().send('problem', JSON.parse(problemText(problem)))
    stream().end()
    return 'sent'
  } finally {
    response.off('close', leave)
  }
}

function canStream(name: OperationName): boolean {
  const operation: Operation = operations[name]
  return operation.progress === true
}

function stopping(thrown: unknown): TajoError {
  return new TajoError({
    code: 'server_gone',
    message: 'The server was stopped before it was done. What it had done is kept; ask again.',
    disposition: 'retry',
    cause: asError(thrown),
  })
}
