/**
 * A program for crash tests: opens a store and writes one row after another, alternately alone and in
 * transactions of three, and prints every row once it is acknowledged. It ends when it is killed.
 * Usage: node store-writer.ts <data directory> <first number> [database url]
 */
import fs from 'node:fs'
import { openStore } from '../../src/store/open.ts'

const [dataDir = '', first = '0', databaseUrl] = process.argv.slice(2)
const store = await openStore({ dataDir, ...(databaseUrl && { databaseUrl }) })
fs.writeSync(1, 'open\n')
for (let number = Number(first); ; ) {
  const ids = number % 2 === 0 ? [number] : [number, number + 1, number + 2]
  const rows = ids.map((id) => ({ connection: 'crash', entity: 'person', id: String(id) }))
  if (rows.length === 1) await store.db.insertInto('listed').values(rows).execute()
  else {
    await store.transaction(async (trx) => {
      for (const row of rows) await trx.insertInto('listed').values(row).execute()
    })
  }
  fs.writeSync(1, `${ids.join('\n')}\n`)
  number += ids.length
}
