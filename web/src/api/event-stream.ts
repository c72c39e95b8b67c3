/** Server-sent events out of a response body. `EventSource` cannot post, and hides why it was refused. */

export type StreamEvent = {
  readonly event: string
  readonly data: string
  /** Where to go on from after the line broke; null: nowhere. */
  readonly id: string | null
}

export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader()
  const parser = createEventParser()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield* parser(value)
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** Takes text in whatever pieces it comes and gives the events that are whole. Comments keep a line open and say nothing. */
export function createEventParser(): (text: string) => StreamEvent[] {
  let rest = ''
  return (text) => {
    const blocks = (rest + text).replaceAll('\r\n', '\n').split('\n\n')
    rest = blocks.pop() ?? ''
    return blocks.map(toEvent).filter((event) => event !== null)
  }
}

function toEvent(block: string): StreamEvent | null {
  let event = 'message'
  let id: string | null = null
  const data: string[] = []
  for (const line of block.split('\n')) {
    const at = line.indexOf(':')
    if (at <= 0) continue
    const value = line.slice(at + 1).replace(/^ /, '')
    if (line.slice(0, at) === 'event') event = value
    else if (line.slice(0, at) === 'id') id = value
    else if (line.slice(0, at) === 'data') data.push(value)
  }
  return data.length === 0 ? null : { event, data: data.join('\n'), id }
}
