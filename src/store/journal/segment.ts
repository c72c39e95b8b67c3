/**
 * One file of the journal: deliveries as lines of JSON, each behind its checksum. A line is whole or it is none: what a
 * kill or a power cut left half written was acknowledged to nobody, and is passed over when the file is read.
 */
import fs from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { NewDelivery } from '../inbox-table.ts'
import { syncDirectory } from '../sync-directory.ts'

export type Segment = {
  readonly path: string
  /** Bytes that are known to be on the disk. */
  size(): number
  /** Resolves once all of them are on the disk. After a failure the segment is not to be written to again. */
  append(deliveries: readonly NewDelivery[]): Promise<void>
  /** Forgets what is in it: all of it is elsewhere. */
  empty(): Promise<void>
  remove(): Promise<void>
}

export type SegmentContents = {
  readonly deliveries: readonly NewDelivery[]
  /** Lines that cannot be read though others were written after them: the disk has lost something. */
  readonly damaged: number
}

/** The name is durable when it resolves. */
export async function createSegment(directory: string, name: string): Promise<Segment> {
  const path = `${directory}/${name}`
  const file = await fs.open(path, 'wx', 0o600)
  try {
    await syncDirectory(directory)
  } catch (error) {
    await file.close()
    throw error
  }
  let size = 0
  return {
    path,
    size: () => size,
    async append(deliveries) {
      const bytes = Buffer.from(deliveries.map(toLine).join(''))
      try {
        await writeAll(file, bytes, size)
        await file.datasync()
      } catch (error) {
        // Nobody was told that these are kept; cut off, they take no room either.
        await file.truncate(size).catch(() => undefined)
        throw error
      }
      size += bytes.length
    },
    async empty() {
      await file.truncate(0)
      size = 0
    },
    async remove() {
      await file.close()
      await fs.rm(path, { force: true })
    },
  }
}

export async function readSegment(path: string): Promise<SegmentContents> {
  const lines = (await fs.readFile(path, 'utf8')).split('\n').map(fromLine)
  const last = lines.findLastIndex((line) => line !== null)
  const whole = lines.slice(0, last + 1)
  const deliveries = whole.filter((line) => line !== null)
  return { deliveries, damaged: whole.length - deliveries.length }
}

function toLine({ connection, source, delivery, received_at, body }: NewDelivery): string {
  const text = JSON.stringify([connection, source, delivery, received_at, body])
  return `${checksum(text)} ${text}\n`
}

function fromLine(line: string): NewDelivery | null {
  const text = line.slice(9)
  if (text === '' || line[8] !== ' ' || line.slice(0, 8) !== checksum(text)) return null
  const [connection, source, delivery, receivedAt, body] = JSON.parse(text) as [
    string,
    string,
    string,
    string,
    string,
  ]
  return { connection, source, delivery, received_at: new Date(receivedAt), body }
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0')
}

/** One call may write less than it was given. */
async function writeAll(file: fs.FileHandle, bytes: Buffer, from: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, from + written)
    written += bytesWritten
  }
}
