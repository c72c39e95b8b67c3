/** Writes schema/tajo.schema.json from the settings. A test fails while the file is stale. */
import { writeFileSync } from 'node:fs'
import { renderJsonSchema } from '../src/config/json-schema.ts'

writeFileSync(new URL('../schema/tajo.schema.json', import.meta.url), renderJsonSchema())
