/**
 * The mapping blocks as rows, with every fault that lies between rows, blocks or settings. Each check
 * stands alone and steps over wrong values, so that no fault hides another.
 */
import { type Block, findBlocks, repeatedBlockFaults } from './blocks.ts'
import { contradictingSwitches } from './built-in-skills.ts'
import type { Config } from './config.ts'
import type { ConfigFault } from './config-error.ts'
import { type Located, locatedAt, pathText } from './located.ts'
import { defaultPersonMapping, readOrganizationMapping, readPersonMapping } from './mapping.ts'
import { isUnset } from './plain.ts'
import { reverseFieldFaults } from './reverse-fields.ts'
import { readStageMapping } from './stage-mapping.ts'
import { readWebhooks } from './webhooks.ts'

export type Rows = Pick<Config, 'personMapping' | 'organizationMapping' | 'dealStageMapping' | 'webhooks'>

export function readRows(root: Located | undefined, faults: ConfigFault[]): Rows {
  const read = <T>(names: readonly string[], from: (block: Block, faults: ConfigFault[]) => readonly T[]) => {
    const blocks = findBlocks(root, names)
    faults.push(...repeatedBlockFaults(root, blocks))
    return blocks.map((block) => from(block, faults))
  }
  const [personMapping = defaultPersonMapping, ...others] = read(
    ['person_mapping', 'field_mapping'],
    readPersonMapping,
  )
  const [dealStageMapping = []] = read(['deal_stage_mapping'], readStageMapping)
  const [webhooks = []] = read(['webhooks'], readWebhooks)
  const organizations = locatedAt(root, ['organization_mapping'])
  const organizationMapping =
    organizations === undefined
      ? []
      : readOrganizationMapping({ path: ['organization_mapping'], node: organizations }, faults)
  faults.push(...twoCredentialsFaults(root))
  faults.push(...contradictingSwitches(root))
  // With two mappings in the file nobody knows yet which attributes are mapped.
  if (others.length === 0) faults.push(...reverseFieldFaults(root, personMapping))
  return { personMapping, organizationMapping, dealStageMapping, webhooks }
}

function twoCredentialsFaults(root: Located | undefined): readonly ConfigFault[] {
  return [
    ...bothGiven(root, ['connectors', 'pipedrive'], 'api_token'),
    ...bothGiven(root, ['brevo'], 'api_key'),
  ]
}

function bothGiven(root: Located | undefined, path: readonly string[], name: string): readonly ConfigFault[] {
  const block = locatedAt(root, path)
  if (block?.kind !== 'map') return []
  const token = block.entries.get(name)
  const oauth = block.entries.get('oauth')
  if (token === undefined || oauth === undefined || isUnset(token.value) || isUnset(oauth.value)) return []
  const message = `given together with ${name} (line ${token.key.line}); keep one of them`
  return [{ path: pathText([...path, 'oauth']), message, ...oauth.key }]
}
