/**
 * A program for crash tests of the journal: takes webhooks in, one after the other, and prints each once it is acknowledged,
 * while other work holds the engine's one session now and then. It ends when it is killed.
 * Usage: node journal-writer.ts <data directory> <first number>
 */
import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openStore } from '../../src/store/open.ts'

const [dataDir = '', first = '0'] = process.argv.slice(2)
const store = await openStore({ dataDir })
fs.writeSync(1, 'open\n')
void holdTheSession()
for (let number = Number(first); ; number += 2) {
  const deliveries = [number, number + 1].map((id) => ({
    connection: 'crash',
    source: 'pipedrive',
    delivery: String(id),
    received_at: new Date(),
    body: JSON.stringify({ id, text: 'x'.repeat(1_000) }),
  }))
  await store.intake.take(deliveries)
  fs.writeSync(1, `${number}\n${number + 1}\n`)
}

async function holdTheSession(): Promise<never> {
  for (;;) {
    await store.transaction(() => sleep(60))
    await sleep(20)
  }
}
