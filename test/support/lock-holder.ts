/** A program for lock tests: takes the lock on a directory, says so, and stays until it is killed. */
import { TajoError } from '../../src/base/error.ts'
import { lockDataDirectory } from '../../src/store/data-lock.ts'

try {
  await lockDataDirectory(process.argv[2] ?? '')
  console.log('held')
  setInterval(() => {}, 60_000)
} catch (error) {
  console.log(error instanceof TajoError ? `${error.code} ${error.details.pid}` : String(error))
}
