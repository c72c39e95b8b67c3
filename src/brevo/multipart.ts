/**
 * Writes a multipart form as text, and labels it as one when it is sent: the transport below takes every body for JSON.
 * Text parts only.
 */
import { randomUUID } from 'node:crypto'
import type { Sender } from '../transport/index.ts'

export type FormPart = {
  /** Must not contain quotes nor line breaks; so must `fileName`. */
  readonly name: string
  readonly value: string
  readonly fileName?: string
  readonly contentType?: string
}

export function toMultipart(parts: readonly FormPart[]): string {
  // 122 random bits: no value contains them.
  const boundary = `tajo-${randomUUID()}`
  const written = parts.map(({ name, value, fileName, contentType }) => {
    const file = fileName === undefined ? '' : `; filename="${fileName}"`
    const type = contentType === undefined ? '' : `\r\nContent-Type: ${contentType}`
    return `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}${type}\r\n\r\n${value}\r\n`
  })
  return `${written.join('')}--${boundary}--\r\n`
}

/** JSON never begins with two hyphens, so a body that does names its own boundary. */
export function labelMultipart(sender: Sender): Sender {
  return {
    send(request) {
      const boundary = /^--([\w-]{1,70})\r\n/.exec(request.body ?? '')?.[1]
      if (boundary === undefined) return sender.send(request)
      const headers = { ...request.headers, 'content-type': `multipart/form-data; boundary=${boundary}` }
      return sender.send({ ...request, headers })
    },
    close: () => sender.close(),
  }
}
