/**
 * The engine on a server, through its HTTP interface. What fails is asked again only where that cannot do a thing twice: nothing
 * was sent yet, or the operation only looks, or doing it twice is as good as once.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { TajoError } from '../base/error.ts'
import { type Operation, type OperationName, operations } from '../wire/index.ts'
import { readAnswer } from './answer.ts'
import type { Engine, ProgressOptions } from './caller.ts'
import { noAnswer, unreachable, wasNotSent } from './network-error.ts'
import { createSilence } from './silence.ts'
import { TajoApiError } from './tajo-api-error.ts'

export type RemoteOptions = {
  /** Without a trailing slash. */
  readonly baseUrl: string
  readonly apiKey: string
  readonly connection?: string | undefined
  /** How long the server may be silent, milliseconds; default two minutes. */
  readonly timeoutMs?: number | undefined
  readonly fetch?: typeof globalThis.fetch | undefined
}

type Attempt = ProgressOptions & { readonly operation: Operation; readonly params: Record<string, unknown> }

const TRIES = 4
const FIRST_WAIT_MS = 250
/** A server that says it takes longer is not waited for: the error says until when. */
const LONGEST_WAIT_MS = 30_000
const SILENCE_MS = 120_000

export function openRemoteEngine(options: RemoteOptions): Engine {
  const closing = new AbortController()
  return {
    async call(name, params, given = {}) {
      const signal = given.signal ? AbortSignal.any([given.signal, closing.signal]) : closing.signal
      const operation = operationOf(name)
      const attempt = { ...given, signal, operation, params: params as Record<string, unknown> }
      const repeatable = operation.method === 'GET' || operation.repeatable === true
      for (let tried = 1; ; tried++) {
        try {
          return (await ask(options, name, attempt)) as never
        } catch (error) {
          signal.throwIfAborted()
          if (!(error instanceof TajoError)) throw error
          const waitMs = tried < TRIES ? waitBefore(error, tried, repeatable) : null
          if (waitMs === null) throw error
          await sleep(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted())
        }
      }
    },
    async close() {
      closing.abort(new Error('The client was closed'))
    },
  }
}

function operationOf(name: string): Operation {
  if (Object.hasOwn(operations, name)) return operations[name as OperationName]
  throw new TajoError({
    code: 'request_unknown',
    message: `There is no operation named ${JSON.stringify(name)} in this version of @tajo/sdk.`,
  })
}

/** Null: it is not asked again. */
function waitBefore(error: TajoError, tried: number, repeatable: boolean): number | null {
  const isPassing =
    error instanceof TajoApiError
      ? [429, 502, 503, 504].includes(error.status)
      : error.disposition === 'retry'
  if (!isPassing || !(repeatable || wasNotSent(error))) return null
  // A part of it by chance: those who were refused together do not come back together.
  const backoffMs = FIRST_WAIT_MS * 2 ** (tried - 1) * (0.5 + Math.random())
  const askedMs = error.notBefore === undefined ? 0 : error.notBefore.getTime() - Date.now()
  return askedMs > LONGEST_WAIT_MS ? null : Math.max(backoffMs, askedMs)
}

async function ask(options: RemoteOptions, name: string, attempt: Attempt): Promise<unknown> {
  const { baseUrl, timeoutMs = SILENCE_MS, fetch = globalThis.fetch } = options
  const { signal, onProgress, onNotice } = attempt
  const silence = createSilence(timeoutMs, signal)
  const { url, init } = requestOf(options, attempt)
  try {
    let response: Response
    try {
      response = await fetch(url, { ...init, redirect: 'error', signal: silence.signal })
    } catch (error) {
      signal?.throwIfAborted()
      throw silence.over() ? noAnswer(baseUrl, timeoutMs, error) : unreachable(baseUrl, error)
    }
    silence.heard()
    try {
      return await readAnswer(response, { name, onProgress, onNotice, onSign: silence.heard })
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof TajoError) throw error
      throw silence.over() ? noAnswer(baseUrl, timeoutMs, error) : unreachable(baseUrl, error)
    }
  } finally {
    silence.end()
  }
}

function requestOf(
  { baseUrl, apiKey, connection }: RemoteOptions,
  { operation, params }: Attempt,
): { url: string; init: RequestInit } {
  const { method, path, progress } = operation
  const rest = { ...params }
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest[name]
    delete rest[name]
    return encodeURIComponent(String(value))
  })
  const ofConnection =
    connection === undefined || connection === 'default' || operation.ofInstallation === true
      ? ''
      : `/connections/${encodeURIComponent(connection)}`
  const headers: Record<string, string> = {
    authorization: `Bearer ${apiKey}`,
    accept: progress === true ? 'text/event-stream, application/json' : 'application/json',
  }
  const inQuery = method === 'GET' || method === 'DELETE'
  const query = inQuery ? queryOf(rest) : ''
  if (!inQuery) headers['content-type'] = 'application/json'
  return {
    url: `${baseUrl}/api${ofConnection}${filled}${query}`,
    init: { method, headers, ...(inQuery ? {} : { body: JSON.stringify(rest) }) },
  }
}

function queryOf(params: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    for (const item of Array.isArray(value) ? value : [value])
      if (item !== undefined && item !== null) query.append(name, String(item))
  }
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}
