/** Reads an answer's bytes as JSON. What is not whole JSON is named as such and never passed on as data. */
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { SendFault } from './send-fault.ts'

export type AnswerBody =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'empty' }
  /** `title` is the page's own. */
  | { readonly kind: 'html'; readonly title: string }
  | { readonly kind: 'broken'; readonly reason: string }

const unzip = promisify(gunzip)

export async function readAnswerBody(
  bytes: Buffer,
  headers: Readonly<Record<string, string>>,
  maxBodyBytes: number,
): Promise<AnswerBody> {
  if (bytes.length === 0) return { kind: 'empty' }
  const encoding = (headers['content-encoding'] ?? 'identity').toLowerCase()
  if (encoding !== 'identity' && encoding !== 'gzip') {
    return { kind: 'broken', reason: `content encoding ${encoding} was not asked for` }
  }
  let plain = bytes
  if (encoding === 'gzip') {
    const unzipped = await unzipBounded(bytes, maxBodyBytes)
    if (unzipped === undefined) return { kind: 'broken', reason: 'the compressed answer is damaged' }
    plain = unzipped
  }
  const text = plain.toString('utf8').trim()
  if (text === '') return { kind: 'empty' }
  if (text.startsWith('<')) return { kind: 'html', title: pageTitle(text) }
  try {
    return { kind: 'json', value: JSON.parse(text) }
  } catch {
    // The parser's message quotes the text, which may be personal data.
    return { kind: 'broken', reason: `${plain.length} bytes that are no whole JSON` }
  }
}

async function unzipBounded(bytes: Buffer, maxBodyBytes: number): Promise<Buffer | undefined> {
  try {
    return await unzip(bytes, { maxOutputLength: maxBodyBytes })
  } catch (error) {
    if (error instanceof RangeError) {
      throw new SendFault('too_large', 'maybe', `the answer is larger than ${maxBodyBytes} bytes`)
    }
    return undefined
  }
}

function pageTitle(html: string): string {
  const title = /<title[^>]*>([^<]*)</i.exec(html)?.[1] ?? ''
  return title.replace(/\s+/g, ' ').trim()
}
