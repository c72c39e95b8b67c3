import { expect, test } from 'vitest'
import { readCompanyDomain } from './company-domain.ts'

test.each([
  'acme',
  ' Acme ',
  'acme.pipedrive.com',
  'https://acme.pipedrive.com/pipeline/1/user/everyone?x=1#y',
])('%s means the company acme', (typed) => {
  expect(readCompanyDomain(typed)).toBe('acme')
})

test.each(['', 'acme.example.com', 'acme corp', '-acme', '한국'])('"%s" means none', (typed) => {
  expect(readCompanyDomain(typed)).toBeNull()
})
