import { expect, test } from 'vitest'
import { attributeNameFor } from './attribute-name.ts'

test.each([
  ['Lead source', 'LEAD_SOURCE'],
  ['  Größe (cm) ', 'GROSSE_CM'],
  ['Straße', 'STRASSE'],
  ['Prénom usuel', 'PRENOM_USUEL'],
  ['관심 제품', 'GWANSIM_JEPUM'],
  ['고객 등급 (VIP)', 'GOGAEK_DEUNGGEUP_VIP'],
  ['2nd phone', '2ND_PHONE'],
  ['x'.repeat(60), 'X'.repeat(50)],
])('"%s" becomes %s', (label, name) => {
  expect(attributeNameFor(label)).toBe(name)
})

test.each(['重要度', 'Источник', 'リード source', '123', '!?', ''])('"%s" makes no name', (label) => {
  expect(attributeNameFor(label)).toBeNull()
})
